package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.plugin.StatusBean;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SpoolSettings;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Publisher;
import io.millrace.source.spool.Spools;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that runs: the reading thread, the queue, and the polling side. {@link #poll} belongs to Connect's task thread,
 * {@link #acknowledged} may come from any, {@link #close} from any.
 */
final class RunningSource implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RunningSource.class);

    /** A standalone source has one shard. */
    static final String SHARD = "0";

    private static final long POLL_MILLIS = 500;
    private static final long STOP_MILLIS = 10_000;

    private final ChangeQueue queue;
    private final Publisher publisher;
    private final SourceStatus status;
    private final ShardReader reader;
    private final Thread thread;
    private final SourceProbe probe;
    private final Thread probing;
    private final StatusBean registration;

    /**
     * The key under which Connect stores positions: names the source, not its address, which may change. Connect compares
     * the bytes that it is written in, so that the order of the entries counts: it must be the same in every process.
     */
    static Map<String, String> partition(String sourceName) {
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put("source", sourceName);
        partition.put("shard", SHARD);
        return Collections.unmodifiableMap(partition);
    }

    private RunningSource(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        Position start = stored == null || stored.inSnapshot() ? null : stored;
        Acknowledgements acknowledgements = new Acknowledgements();
        if (start != null) {
            acknowledgements.startAt(start.generation(), start.offset());
        }
        this.queue =
                new ChangeQueue(settings.queue().maxChanges(), settings.queue().maxBytes());
        SpoolSettings bounds = settings.spool();
        Spools spools = new Spools(
                settings.endpoint().firstAddress().toString(),
                bounds.directory(),
                bounds.memoryBytes(),
                bounds.maxBytes(),
                clock);
        this.status = new SourceStatus(queue, acknowledgements, spools);
        this.publisher = new Publisher(
                queue,
                settings.records().style(),
                settings.capture().topic(),
                partition(settings.capture().sourceName()),
                start,
                acknowledgements,
                transactions);
        Address server = settings.endpoint().firstAddress();
        SourceInquiry inquiry = new SourceInquiry(new NodeConnector(settings.endpoint()), server);
        this.reader = new ShardReader(
                SHARD,
                settings,
                stored,
                queue,
                acknowledgements,
                status,
                spools,
                MasterFinder.of(settings),
                inquiry,
                clock);
        this.thread = daemon(reader, "millrace-source-" + settings.connector() + "-" + SHARD);
        this.probe = new SourceProbe(inquiry, status, () -> {
            reader.checkPlace();
            reader.keepLoggedIn(clock.instant());
        });
        this.probing = daemon(probe, "millrace-source-probe-" + settings.connector() + "-" + SHARD);
        this.registration = StatusBean.register(status, "source", settings.connector(), "shard", SHARD);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts reading; does not wait for the source.
     *
     * @param stored the position that Connect has, or null
     * @param transactions null unless this connector sets the boundaries of Kafka transactions
     */
    static RunningSource start(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        RunningSource running = new RunningSource(settings, stored, transactions, clock);
        try {
            running.thread.start();
            running.probing.start();
            return running;
        } catch (RuntimeException | Error e) {
            running.close();
            throw e;
        }
    }

    List<SourceRecord> poll() throws InterruptedException {
        return publisher.poll(POLL_MILLIS);
    }

    void acknowledged(SourceRecord record) {
        publisher.acknowledged(record);
        reader.acknowledgedMore();
    }

    SourceStatusMXBean status() {
        return status;
    }

    /** Ends the link and waits for the reading thread. */
    @Override
    public void close() {
        queue.close();
        reader.close();
        probe.close();
        thread.interrupt();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warn(
                    "The thread {} did not end within {} s.",
                    thread.getName(),
                    TimeUnit.MILLISECONDS.toSeconds(STOP_MILLIS));
        }
        status.phase(SourceStatus.Phase.STOPPED);
        registration.close();
    }
}
