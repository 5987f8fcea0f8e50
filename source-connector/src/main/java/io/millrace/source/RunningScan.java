package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.plugin.StatusBean;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SpoolSettings;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Publisher;
import io.millrace.source.scan.ScanPlace;
import io.millrace.source.scan.ScannedServer;
import io.millrace.source.spool.Spools;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** A copy by SCAN that runs, or is complete. */
final class RunningScan implements CaptureRun {

    private static final long POLL_MILLIS = 500;
    private static final long STOP_MILLIS = 10_000;

    private final ChangeQueue queue;
    private final Publisher publisher;
    private final SourceStatus status;
    private final ScanReader reader;
    private final Thread thread;
    private final StatusBean registration;

    private RunningScan(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        Position start = stored != null && ScannedServer.isScan(stored.replicationId()) ? stored : null;
        this.queue =
                new ChangeQueue(settings.queue().maxChanges(), settings.queue().maxBytes());
        Acknowledgements acknowledgements = new Acknowledgements();
        SpoolSettings bounds = settings.spool();
        this.status = new SourceStatus(
                queue,
                acknowledgements,
                new Spools("nothing", bounds.directory(), bounds.memoryBytes(), bounds.maxBytes(), clock));
        this.publisher = new Publisher(
                queue,
                settings.records().style(),
                settings.capture().topic(),
                RunningSource.partition(settings.capture().sourceName()),
                start,
                acknowledgements,
                transactions);
        this.reader = new ScanReader(
                settings,
                RunningSource.SHARD,
                stored == null ? 0 : stored.generation(),
                start == null ? null : start.replicationId(),
                start == null || !start.inSnapshot() ? null : new ScanPlace(start.db(), start.offset()),
                queue,
                status,
                clock);
        boolean complete = start != null && !start.inSnapshot();
        if (complete) {
            status.history(start.generation(), start.replicationId());
            status.phase(SourceStatus.Phase.COMPLETE);
        }
        this.thread = complete ? null : new Thread(reader, "millrace-scan-" + settings.connector());
        this.registration = StatusBean.register(status, "source", settings.connector(), "shard", RunningSource.SHARD);
    }

    /**
     * Begins, goes on, or does nothing when the scan of this position is complete.
     *
     * @param stored the position that Connect has, or null
     */
    static RunningScan start(SourceSettings settings, Position stored, TransactionContext transactions, Clock clock) {
        RunningScan running = new RunningScan(settings, stored, transactions, clock);
        if (running.thread != null) {
            running.thread.setDaemon(true);
            running.thread.start();
        }
        return running;
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        return publisher.poll(POLL_MILLIS);
    }

    @Override
    public void acknowledged(SourceRecord record) {
        publisher.acknowledged(record);
    }

    @Override
    public SourceStatusMXBean status() {
        return status;
    }

    @Override
    public void close() {
        queue.close();
        reader.close();
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        status.phase(SourceStatus.Phase.STOPPED);
        registration.close();
    }
}
