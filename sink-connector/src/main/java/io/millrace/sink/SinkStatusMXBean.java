package io.millrace.sink;

import java.util.Map;

/** What a sink task shows through JMX as {@code io.millrace:type=sink,connector=…,task=…}. Maps are by source shard. */
public interface SinkStatusMXBean {

    /** running, waiting for memory, sweeping, reconnecting, retrying, failed or stopped. */
    String getState();

    /** Changes applied since the task started: snapshot entries, commands and marks. */
    long getChangesApplied();

    /** Snapshot entries among them; a value in parts counts once. */
    long getSnapshotEntriesApplied();

    /** Bytes sent for them, about. */
    long getBytesApplied();

    /** Changes that the destination refused and that were reported. */
    long getChangesRefused();

    /** Changes whose effect was there already, or whose key was kept by the conflict policy. */
    long getChangesSkipped();

    /** Changes applied without a part that cannot exist at the destination ({@code unsupported.values=degrade}). */
    long getChangesDegraded();

    /** Changes left out because they cannot exist at the destination ({@code unsupported.values=skip} or {@code degrade}). */
    long getChangesLeftOut();

    /** Changes that the source sent a second time and that were left out. */
    long getChangesRepeated();

    /** Keys whose value at the destination is wrong since a change to them was refused; {@code millrace recopy} mends them. */
    int getDirtyKeys();

    /** Keys that the destination had and a new snapshot did not bring. */
    long getGhostsFound();

    /** Those of them that were removed. */
    long getGhostsRemoved();

    /** Commands divided by hash slot, and transactions applied slot by slot, since their keys are in several slots. */
    long getCrossSlotSplit();

    /** Commands with keys in several slots that were executed on copies of their keys ({@code cross.slot=copy}). */
    long getCrossSlotCopied();

    /** Commands and transactions that were refused because their keys are in several slots. */
    long getCrossSlotRefused();

    /**
     * Changes read again that the destination's checkpoint says are applied, and that were left out; 0 with
     * {@code delivery.semantics=at-least-once}.
     */
    long getChangesAlreadyApplied();

    /** How often the sink has connected and read the destination's checkpoints. */
    long getSessions();

    /**
     * By partition, the position of the last unit applied: offset of the record, index of the change in it, ordinal of the
     * unit among those that the change gave; empty with {@code delivery.semantics=at-least-once}.
     */
    Map<String, String> getCheckpoints();

    /** Changes taken from Kafka and not applied. */
    int getBufferedChanges();

    /** Their bytes, about. */
    long getBufferedBytes();

    /** Replication offset of the last change applied. */
    Map<String, Long> getAppliedOffsets();

    /** Generation of the last change applied. */
    Map<String, Integer> getGenerations();

    /** snapshot or stream. */
    Map<String, String> getPhases();

    /** The last thing that went wrong, or empty. It may be mended meanwhile: see the state. */
    String getLastError();

    /** Keys that have got back an exact expiry which was put off while the sink was behind. */
    long getSettledExpiries();
}
