package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.SnapshotEntry;

/**
 * What one shard has sent to one partition, so far as it is planned. A source that ended between Kafka's acknowledgement and
 * its offset commit sends a tail again, with the same offsets; that tail is known by them.
 */
final class ShardProgress {

    private int generation;
    private long offset = -1;
    private TransactionAssembly transaction;
    private SnapshotKeys snapshot;

    /** Whether something of the shard is known to be at the destination. */
    boolean hasBegun() {
        return generation > 0;
    }

    /** What the snapshot under way has brought; null when there is none, or nobody will ask. */
    SnapshotKeys snapshot() {
        return snapshot;
    }

    void snapshot(SnapshotKeys keys) {
        snapshot = keys;
    }

    void begin(int newGeneration) {
        generation = newGeneration;
        offset = -1;
    }

    /** Whether a command was planned already. */
    boolean isRepeated(Change change) {
        return change.origin().generation() == generation && change.offset() <= offset;
    }

    /** Whether a command after the entry was planned already. */
    boolean isBehind(SnapshotEntry entry) {
        return entry.origin().generation() == generation && entry.offset() < offset;
    }

    void planned(Change change) {
        generation = change.origin().generation();
        offset = change.offset();
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
            transaction.held().forEach(Ticket::release);
            transaction = null;
        }
    }
}
