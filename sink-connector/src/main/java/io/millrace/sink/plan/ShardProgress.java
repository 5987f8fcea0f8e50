package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.sink.checkpoint.ShardMark;
import io.millrace.slot.SlotSet;
import java.util.Map;
import java.util.Set;

/**
 * What one shard has sent to one partition, so far as it is planned. A source that ended between Kafka's acknowledgement and
 * its offset commit sends a tail again, with the same offsets; that tail is known by them.
 */
final class ShardProgress {

    private static final long NO_TRANSACTION = -1;

    private int generation;
    private long offset = -1;
    private long inPieces = NO_TRANSACTION;
    private int issued;
    private TransactionAssembly transaction;
    private SnapshotKeys snapshot;
    /** Of which slots the partition has had a snapshot of the shard; null for all. */
    private SlotSet covered;

    /** The slots of which something of the shard is known to be at the destination. */
    SlotSet covered() {
        return generation == 0 ? SlotSet.NONE : covered == null ? SlotSet.ALL : covered;
    }

    /** What the snapshot under way has brought; null when there is none, or nobody will ask. */
    SnapshotKeys snapshot() {
        return snapshot;
    }

    void snapshot(SnapshotKeys keys) {
        snapshot = keys;
    }

    ShardProgress() {}

    ShardProgress(ShardMark mark) {
        generation = mark.generation();
        offset = mark.offset();
        inPieces = mark.transaction();
        issued = mark.issued();
        covered = mark.slots();
    }

    /**
     * @param databases of the source that something has come from
     * @param claims slots that the shard owns, by the epoch of the claim
     */
    ShardMark mark(Set<Integer> databases, Map<Long, SlotSet> claims) {
        return new ShardMark(generation, offset, inPieces, issued, generation == 0 ? null : covered, databases, claims);
    }

    /** Whether the mark was passed before: it stands in front of the change that its offset leads to. */
    boolean isPassed(Mark mark) {
        int its = mark.origin().generation();
        return its < generation || (its == generation && mark.offset() < offset);
    }

    /** A snapshot begins, which holds everything up to its offset. */
    void begin(Mark mark) {
        covered = mark.slots() == null ? null : covered().union(mark.slots());
        generation = mark.origin().generation();
        offset = mark.offset();
        inPieces = NO_TRANSACTION;
        issued = 0;
    }

    /** Whether a command was planned already, or comes from a task that a newer one has begun a snapshot after. */
    boolean isRepeated(Change change) {
        int its = change.origin().generation();
        return its < generation || (its == generation && change.offset() <= offset);
    }

    /** Whether a command after the entry was planned already, or a newer snapshot has begun. */
    boolean isBehind(SnapshotEntry entry) {
        int its = entry.origin().generation();
        return its < generation || (its == generation && entry.offset() < offset);
    }

    void planned(Change change) {
        generation = change.origin().generation();
        offset = change.offset();
        inPieces = NO_TRANSACTION;
        issued = 0;
    }

    /** The beginning of a transaction has gone out: {@code changes} of it so far. */
    void piece(long id, int changes) {
        inPieces = id;
        issued = changes;
    }

    /** How many changes of a transaction have gone out before it is begun again. */
    int issued(long id) {
        return inPieces == id ? issued : 0;
    }

    TransactionAssembly transaction() {
        return transaction;
    }

    void open(TransactionAssembly opened) {
        abandon();
        transaction = opened;
    }

    void close() {
        transaction = null;
    }

    /** The shard begins again before the transaction ended: the source sends it whole once more. */
    void abandon() {
        if (transaction != null) {
            transaction.abandon();
            transaction = null;
        }
    }
}
