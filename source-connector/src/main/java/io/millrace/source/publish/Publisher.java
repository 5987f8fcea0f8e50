package io.millrace.source.publish;

import io.millrace.change.Position;
import io.millrace.slot.SlotPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/** The polling side: takes changes from the queue and returns records. Owned by the polling thread. */
public final class Publisher {

    /** How many changes a record may hold, and how many one poll returns. */
    public sealed interface Style {

        /** One record a change. */
        record Single() implements Style {}

        /** Many changes a record, up to a count and a number of bytes. */
        record Batch(int maxChanges, int maxBytes) implements Style {}
    }

    /** Enough to keep the producer busy, little enough to answer a stop soon. */
    private static final int CHANGES_PER_POLL = 8192;

    private static final long BYTES_PER_POLL = 8L * 1024 * 1024;

    /**
     * A poll that follows another closer than this waits for more first: while much is written, changes share records and
     * requests, and on a quiet source a change goes out at once.
     */
    private static final long PACE_NANOS = 2_000_000;

    /** The same behind a poll of many changes: a request costs Kafka more than what is in it. */
    private static final long BUSY_PACE_NANOS = 20_000_000;

    /** Half of what comes in {@link #PACE_NANOS} when a source is written to as fast as it can. */
    private static final int MANY = 256;

    /** As many as make the wait worth no more. */
    private static final int GATHERED = CHANGES_PER_POLL / 2;

    private final ChangeQueue queue;
    private final List<LaneRecords> lanes;

    /** Null unless this connector sets the boundaries of Kafka transactions. */
    private final TransactionContext transactions;

    private long polledAt = System.nanoTime() - PACE_NANOS;

    /** How many changes the last poll took. */
    private int polled;

    private Publisher(ChangeQueue queue, List<LaneRecords> lanes, TransactionContext transactions) {
        this.queue = queue;
        this.lanes = List.copyOf(lanes);
        this.transactions = transactions;
    }

    /**
     * Prepares for the records of one source.
     *
     * @param start where the changes go on, or null when the first one begins a snapshot
     * @param transactions null unless this connector sets the boundaries of Kafka transactions
     */
    public Publisher(
            ChangeQueue queue,
            Style style,
            String topic,
            Map<String, String> sourcePartition,
            Position start,
            Acknowledgements acknowledgements,
            TransactionContext transactions) {
        this(
                queue,
                List.of(standalone(style, topic, new Lane(sourcePartition, start, acknowledgements))),
                transactions);
    }

    /**
     * Prepares for the records of shards of a cluster.
     *
     * @param lanes the shards, in the order in which their {@link RunWriter}s are numbered
     * @param partitions how the topic's partitions share the slots
     */
    public static Publisher ofShards(
            ChangeQueue queue,
            Style style,
            String topic,
            List<Lane> lanes,
            SlotPartitions partitions,
            TransactionContext transactions) {
        return new Publisher(
                queue,
                lanes.stream()
                        .map(lane -> new LaneRecords(
                                new SlotRecords(topic, lane, partitions, style), lane.acknowledgements()))
                        .toList(),
                transactions);
    }

    private static LaneRecords standalone(Style style, String topic, Lane lane) {
        RecordFactory factory = new RecordFactory(topic, lane.sourcePartition(), lane.start(), lane.acknowledgements());
        Grouping grouping = style instanceof Style.Batch batch
                ? new Batches(factory, batch.maxChanges(), batch.maxBytes())
                : new Singles(factory);
        return new LaneRecords(grouping, lane.acknowledgements());
    }

    /**
     * The records of what the queue holds, or null if nothing came within the time. They end with a unit, unless one is
     * larger than what is held back, so that a transaction of Kafka that ends with a poll splits none. A failure of the
     * reader is thrown after everything that was read before it.
     */
    public List<SourceRecord> poll(long timeoutMillis) throws InterruptedException {
        long left = (polled < MANY ? PACE_NANOS : BUSY_PACE_NANOS) - (System.nanoTime() - polledAt);
        if (left > 0) {
            queue.gather(GATHERED, left);
        }
        polled = 0;
        Run run = queue.take(timeoutMillis);
        if (run == null) {
            return null;
        }
        int changes = 0;
        long bytes = 0;
        while (run != null) {
            lanes.get(run.lane()).add(run);
            changes += run.changes().size();
            bytes += run.bytes();
            run = changes < CHANGES_PER_POLL && bytes < BYTES_PER_POLL ? queue.takeNow() : null;
        }
        polled = changes;
        List<SourceRecord> records = new ArrayList<>();
        List<TrackedRecord> torn = new ArrayList<>();
        boolean split = false;
        for (LaneRecords lane : lanes) {
            split |= lane.settle(records, torn);
        }
        if (!records.isEmpty() && transactions != null && !split) {
            // A unit is never split across Kafka transactions: one ends with the last record here that ends a unit.
            transactions.commitTransaction(records.get(records.size() - 1));
        }
        records.addAll(torn);
        polledAt = System.nanoTime();
        return records.isEmpty() ? null : records;
    }

    /** Kafka has the record, or it was filtered out on the way. Any thread. */
    public void acknowledged(SourceRecord record) {
        if (record instanceof TrackedRecord tracked) {
            tracked.acknowledge();
        } else {
            throw new IllegalArgumentException("Connect returned a record that was not polled here: " + record.topic());
        }
    }
}
