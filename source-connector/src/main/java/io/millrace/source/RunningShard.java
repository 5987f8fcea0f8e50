package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.plugin.StatusBean;
import io.millrace.source.cluster.Handover;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SpoolSettings;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Lane;
import io.millrace.source.spool.Spools;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One shard that is read: its reader and probe, each with a thread, and what they tell. */
final class RunningShard implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RunningShard.class);

    private static final long STOP_MILLIS = 10_000;

    private final Map<String, String> partition;
    private final Position start;
    private final Acknowledgements acknowledgements = new Acknowledgements();
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
    static Map<String, String> partition(String sourceName, String shard) {
        Map<String, String> partition = new LinkedHashMap<>();
        partition.put("source", sourceName);
        partition.put("shard", shard);
        return Collections.unmodifiableMap(partition);
    }

    /**
     * Prepares to read a shard.
     *
     * @param stored the position that Connect has, or null
     * @param lane its place among the shards of the task
     * @param address whom to ask before the finder has found the master
     * @param handover how slots pass between the shards of a cluster; null for a standalone source
     */
    RunningShard(
            String shard,
            SourceSettings settings,
            Position stored,
            ChangeQueue queue,
            int lane,
            MasterFinder finder,
            Address address,
            Handover handover,
            Clock clock) {
        this.partition = partition(settings.capture().sourceName(), shard);
        this.start = stored == null || stored.inSnapshot() ? null : stored;
        if (start != null) {
            acknowledgements.startAt(start.generation(), start.offset());
        }
        SpoolSettings bounds = settings.spool();
        Spools spools = new Spools(
                handover == null ? address.toString() : "shard " + shard,
                bounds.directory(),
                bounds.memoryBytes(),
                bounds.maxBytes(),
                clock);
        this.status = new SourceStatus(queue, acknowledgements, spools);
        SourceInquiry inquiry = new SourceInquiry(new NodeConnector(settings.endpoint()), address);
        this.reader = new ShardReader(
                shard,
                settings,
                stored,
                queue,
                lane,
                acknowledgements,
                status,
                spools,
                finder,
                inquiry,
                handover,
                clock);
        status.gate(reader.gate());
        this.thread = daemon(reader, "millrace-source-" + settings.connector() + "-" + shard);
        this.probe = new SourceProbe(inquiry, status, () -> {
            reader.link().checkPlace();
            reader.link().keepLoggedIn(clock.instant());
        });
        this.probing = daemon(probe, "millrace-source-probe-" + settings.connector() + "-" + shard);
        this.registration = StatusBean.register(status, "source", settings.connector(), "shard", shard);
    }

    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    Lane lane() {
        return new Lane(partition, start, acknowledgements);
    }

    ShardReader reader() {
        return reader;
    }

    SourceStatus status() {
        return status;
    }

    void start() {
        thread.start();
        probing.start();
    }

    /** Ends the link; does not wait. */
    void end() {
        reader.close();
        probe.close();
        thread.interrupt();
    }

    /** Ends the link and waits for the reading thread. */
    @Override
    public void close() {
        end();
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
