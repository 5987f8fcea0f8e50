package io.millrace.source;

import io.millrace.slot.SlotSet;
import io.millrace.source.cluster.SlotGate;
import io.millrace.source.publish.Acknowledgements;
import io.millrace.source.publish.ChangeQueue;
import io.millrace.source.spool.Spools;
import java.util.Locale;

/** What the reading thread tells of itself. Written by that thread alone, read by any. */
final class SourceStatus implements SourceStatusMXBean {

    /** Where a source stands. */
    enum Phase {
        CONNECTING,
        SNAPSHOT,
        STREAM,
        COMPLETE,
        REMOVED,
        RECONNECTING,
        FAILED,
        STOPPED
    }

    private static final long UNKNOWN = -1;

    private final ChangeQueue queue;
    private final Acknowledgements acknowledgements;
    private final Spools spools;

    private volatile SlotGate gate;
    private volatile SlotSet scanned = SlotSet.NONE;
    private volatile Phase phase = Phase.CONNECTING;
    private volatile int generation;
    private volatile String replicationId = "";
    private volatile long readOffset = UNKNOWN;
    private volatile long sourceOffset = UNKNOWN;
    private volatile long snapshotKeysRead;
    private volatile long snapshotKeysTotal = UNKNOWN;
    private volatile long snapshotBytesRead;
    private volatile long snapshotBytesTotal = UNKNOWN;
    private volatile long changesRead;
    private volatile String lastError = "";

    SourceStatus(ChangeQueue queue, Acknowledgements acknowledgements, Spools spools) {
        this.spools = spools;
        this.queue = queue;
        this.acknowledgements = acknowledgements;
    }

    /** Of a shard of a cluster. Before its reader runs. */
    void gate(SlotGate of) {
        gate = of;
    }

    /** Of a shard of a cluster that is scanned. */
    void slots(SlotSet of) {
        scanned = of;
    }

    void phase(Phase now) {
        phase = now;
    }

    boolean is(Phase which) {
        return phase == which;
    }

    void history(int ofGeneration, String replId) {
        generation = ofGeneration;
        replicationId = replId;
    }

    void read(long unitEnd, long changes) {
        readOffset = unitEnd;
        changesRead = changes;
        sourceSaid(unitEnd);
    }

    /** What the source said, or what was read from it if that is more. */
    synchronized void sourceSaid(long offset) {
        sourceOffset = Math.max(sourceOffset, offset);
    }

    /** A snapshot begins: offsets count from it. */
    synchronized void snapshotBegins(long keysTotal, long bytesTotal, long offset) {
        snapshotKeysRead = 0;
        snapshotBytesRead = 0;
        snapshotKeysTotal = keysTotal;
        snapshotBytesTotal = bytesTotal;
        sourceOffset = offset;
        readOffset = UNKNOWN;
        phase = Phase.SNAPSHOT;
    }

    void snapshotRead(long keys, long bytes, long changes) {
        snapshotKeysRead = keys;
        snapshotBytesRead = bytes;
        changesRead = changes;
    }

    void failed(String sentence) {
        lastError = sentence;
    }

    @Override
    public String getPhase() {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public int getGeneration() {
        return generation;
    }

    @Override
    public String getReplicationId() {
        return replicationId;
    }

    @Override
    public long getReadOffset() {
        return readOffset;
    }

    @Override
    public long getAcknowledgedOffset() {
        return acknowledgements.acknowledged(generation);
    }

    @Override
    public long getSourceOffset() {
        return sourceOffset;
    }

    @Override
    public long getSnapshotKeysRead() {
        return snapshotKeysRead;
    }

    @Override
    public long getSnapshotKeysTotal() {
        return snapshotKeysTotal;
    }

    @Override
    public long getSnapshotBytesRead() {
        return snapshotBytesRead;
    }

    @Override
    public long getSnapshotBytesTotal() {
        return snapshotBytesTotal;
    }

    @Override
    public long getChangesRead() {
        return changesRead;
    }

    @Override
    public int getQueuedChanges() {
        return queue.changes();
    }

    @Override
    public long getQueuedBytes() {
        return queue.bytes();
    }

    @Override
    public int getRecordsInFlight() {
        return acknowledgements.inFlight();
    }

    @Override
    public long getSpoolBytesInMemory() {
        return spools.bytesInMemory();
    }

    @Override
    public long getSpoolBytesOnDisk() {
        return spools.bytesOnDisk();
    }

    @Override
    public boolean isSpoolFull() {
        return spools.isFull();
    }

    @Override
    public long getSpoolTimesFull() {
        return spools.timesFull();
    }

    @Override
    public String getSpoolDiskError() {
        return spools.diskTrouble();
    }

    @Override
    public String getSlots() {
        SlotGate of = gate;
        return of == null || of.holdings() == null
                ? scanned.toString()
                : of.holdings().own().toString();
    }

    @Override
    public boolean isWaitingForSlots() {
        SlotGate of = gate;
        return of != null && of.waits();
    }

    @Override
    public long getChangesLeftOut() {
        SlotGate of = gate;
        return of == null ? 0 : of.leftOut();
    }

    @Override
    public String getLastError() {
        return lastError;
    }
}
