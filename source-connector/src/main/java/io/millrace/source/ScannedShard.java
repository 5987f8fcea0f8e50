package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.plugin.StatusBean;
import io.millrace.slot.SlotSet;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SpoolSettings;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.publish.Lane;
import io.millrace.source.scan.ScanPlace;
import io.millrace.source.spool.Spools;
import java.time.Clock;
import java.util.Map;

/** One server or shard that is scanned: its reader with a thread, and what it tells. */
final class ScannedShard implements AutoCloseable {

    private static final long STOP_MILLIS = 10_000;

    private final Map<String, String> partition;
    private final Acknowledgements acknowledgements = new Acknowledgements();

    /** Null to begin with a new generation. */
    private final Position start;

    private final SourceStatus status;
    private final ScanReader reader;

    /** Null when the scan is complete. */
    private final Thread thread;

    private final StatusBean registration;

    /**
     * Prepares to scan.
     *
     * @param stored the position that Connect has, or null
     * @param own the slots of a cluster that are scanned; null where it is none
     * @param lane its place among the shards of the task
     */
    ScannedShard(
            String shard,
            SourceSettings settings,
            Position stored,
            ScanSites sites,
            SlotSet own,
            ChangeQueue queue,
            int lane,
            Clock clock) {
        boolean scan = stored != null && stored.isScan();
        this.start = scan && (own == null || stored.holdings() != null) ? stored : null;
        this.partition = RunningShard.partition(settings.capture().sourceName(), shard);
        SpoolSettings bounds = settings.spool();
        this.status = new SourceStatus(
                queue,
                acknowledgements,
                new Spools("nothing", bounds.directory(), bounds.memoryBytes(), bounds.maxBytes(), clock));
        if (own != null) {
            status.slots(own);
        }
        this.reader = new ScanReader(
                settings,
                shard,
                sites,
                lane,
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
        this.thread = complete
                ? null
                : RunningShard.daemon(
                        reader, "millrace-scan-" + settings.connector() + (own == null ? "" : "-" + shard));
        this.registration = StatusBean.register(status, "source", settings.connector(), "shard", shard);
    }

    Lane lane() {
        return new Lane(partition, start, acknowledgements);
    }

    SourceStatus status() {
        return status;
    }

    void start() {
        if (thread != null) {
            thread.start();
        }
    }

    /** Ends the reading; does not wait. */
    void end() {
        reader.close();
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Ends the reading and waits for its thread. */
    @Override
    public void close() {
        end();
        if (thread != null) {
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
