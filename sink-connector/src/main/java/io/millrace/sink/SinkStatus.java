package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.sink.apply.ApplyState;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.Crossing;
import io.millrace.sink.plan.Sweep;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a task does. Written by the thread that applies, read by anybody. */
final class SinkStatus implements SinkStatusMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(SinkStatus.class);

    private final LongAdder changes = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder degraded = new LongAdder();
    private final LongAdder leftOut = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder settledExpiries = new LongAdder();
    private final LongAdder ghostsFound = new LongAdder();
    private final LongAdder ghostsRemoved = new LongAdder();
    private final LongAdder crossSlotSplit = new LongAdder();
    private final LongAdder crossSlotCopied = new LongAdder();
    private final LongAdder crossSlotRefused = new LongAdder();
    private final LongAdder alreadyApplied = new LongAdder();
    private final LongAdder sessions = new LongAdder();
    private final Map<LogPartition, LogPosition> checkpoints = new ConcurrentHashMap<>();
    private final Map<String, Long> offsets = new ConcurrentHashMap<>();
    private final Map<String, Integer> generations = new ConcurrentHashMap<>();
    private final Map<String, String> phases = new ConcurrentHashMap<>();
    private volatile ApplyState state = ApplyState.RUNNING;
    private volatile String lastError = "";
    private volatile Inbox inbox;
    private volatile int dirty;

    void watch(Inbox current) {
        inbox = current;
    }

    void state(ApplyState now) {
        state = now;
    }

    void applied(long changeCount, long entryCount, long byteCount, long repeatedCount) {
        changes.add(changeCount);
        entries.add(entryCount);
        bytes.add(byteCount);
        repeated.add(repeatedCount);
    }

    void alreadyApplied() {
        alreadyApplied.increment();
    }

    void sessionBegan() {
        sessions.increment();
    }

    void checkpoint(LogPartition partition, LogPosition applied) {
        checkpoints.put(partition, applied);
    }

    void reached(Change last) {
        String shard = last.origin().shard();
        offsets.put(shard, last.offset());
        generations.put(shard, last.origin().generation());
        boolean snapshot = last instanceof SnapshotEntry
                || (last instanceof Mark mark && mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN);
        phases.put(shard, snapshot ? "snapshot" : "stream");
    }

    void refused(String message) {
        refused.increment();
        lastError = message;
    }

    void skipped() {
        skipped.increment();
    }

    void degraded() {
        degraded.increment();
    }

    void leftOut() {
        leftOut.increment();
    }

    void dirty(int count) {
        dirty = count;
    }

    /** More keys have got back their exact expiries. */
    void settled(long keys) {
        settledExpiries.add(keys);
    }

    /** A command or transaction had keys in several slots of the destination. */
    void crossed(Crossing how) {
        switch (how) {
            case SPLIT -> crossSlotSplit.increment();
            case COPIED -> crossSlotCopied.increment();
            case REFUSED -> crossSlotRefused.increment();
        }
    }

    void swept(Sweep sweep) {
        ghostsFound.add(sweep.ghosts());
        ghostsRemoved.add(sweep.removed() ? sweep.ghosts() : 0);
        String example = sweep.example() == null ? "" : ", such as " + EscapedBytes.of(sweep.example()) + ",";
        LOG.info(
                "The snapshot of generation {} of source shard {} brought {} keys. {} others{} {}.",
                sweep.generation(),
                sweep.shard(),
                sweep.kept(),
                sweep.ghosts(),
                example,
                sweep.removed() ? "were removed from the destination" : "are at the destination and stay");
    }

    void failed(String message) {
        state = ApplyState.FAILED;
        lastError = message;
    }

    @Override
    public String getState() {
        return state.words();
    }

    @Override
    public long getChangesApplied() {
        return changes.sum();
    }

    @Override
    public long getSnapshotEntriesApplied() {
        return entries.sum();
    }

    @Override
    public long getBytesApplied() {
        return bytes.sum();
    }

    @Override
    public long getChangesRefused() {
        return refused.sum();
    }

    @Override
    public long getChangesSkipped() {
        return skipped.sum();
    }

    @Override
    public long getChangesDegraded() {
        return degraded.sum();
    }

    @Override
    public long getChangesLeftOut() {
        return leftOut.sum();
    }

    @Override
    public long getChangesRepeated() {
        return repeated.sum();
    }

    @Override
    public int getDirtyKeys() {
        return dirty;
    }

    @Override
    public long getGhostsFound() {
        return ghostsFound.sum();
    }

    @Override
    public long getGhostsRemoved() {
        return ghostsRemoved.sum();
    }

    @Override
    public long getCrossSlotSplit() {
        return crossSlotSplit.sum();
    }

    @Override
    public long getCrossSlotCopied() {
        return crossSlotCopied.sum();
    }

    @Override
    public long getCrossSlotRefused() {
        return crossSlotRefused.sum();
    }

    @Override
    public long getChangesAlreadyApplied() {
        return alreadyApplied.sum();
    }

    @Override
    public long getSessions() {
        return sessions.sum();
    }

    @Override
    public Map<String, String> getCheckpoints() {
        Map<String, String> shown = new HashMap<>();
        checkpoints.forEach((partition, applied) -> shown.put(partition.toString(), applied.toString()));
        return shown;
    }

    @Override
    public int getBufferedChanges() {
        Inbox current = inbox;
        return current == null ? 0 : current.changes();
    }

    @Override
    public long getBufferedBytes() {
        Inbox current = inbox;
        return current == null ? 0 : current.bytes();
    }

    @Override
    public Map<String, Long> getAppliedOffsets() {
        return Map.copyOf(offsets);
    }

    @Override
    public Map<String, Integer> getGenerations() {
        return Map.copyOf(generations);
    }

    @Override
    public Map<String, String> getPhases() {
        return Map.copyOf(phases);
    }

    @Override
    public String getLastError() {
        return lastError;
    }

    @Override
    public long getSettledExpiries() {
        return settledExpiries.sum();
    }
}
