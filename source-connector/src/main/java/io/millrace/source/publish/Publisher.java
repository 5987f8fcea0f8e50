package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.change.Position;
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

    private final ChangeQueue queue;
    private final Grouping grouping;
    private final Acknowledgements acknowledgements;

    /** Null unless this connector sets the boundaries of Kafka transactions. */
    private final TransactionContext transactions;

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
        RecordFactory factory = new RecordFactory(topic, sourcePartition, start, acknowledgements);
        this.queue = queue;
        this.acknowledgements = acknowledgements;
        this.transactions = transactions;
        this.grouping = style instanceof Style.Batch batch
                ? new Batches(factory, batch.maxChanges(), batch.maxBytes())
                : new Singles(factory);
    }

    /**
     * The records of what the queue holds, or null if nothing came within the time. A failure of the reader is thrown after
     * everything that was read before it.
     */
    public List<SourceRecord> poll(long timeoutMillis) throws InterruptedException {
        Run run = queue.take(timeoutMillis);
        if (run == null) {
            return null;
        }
        List<TrackedRecord> records = new ArrayList<>();
        int changes = 0;
        long bytes = 0;
        Run passed = null;
        while (run != null) {
            for (Change change : run.changes()) {
                grouping.add(change, records);
            }
            changes += run.changes().size();
            bytes += run.bytes();
            passed = run.passed() >= 0 ? run : null;
            run = changes < CHANGES_PER_POLL && bytes < BYTES_PER_POLL ? queue.takeNow() : null;
        }
        grouping.settle(records);
        if (passed != null) {
            acknowledgements.passed(passed.generation(), passed.passed());
        }
        markTransaction(records);
        return records.isEmpty() ? null : new ArrayList<>(records);
    }

    /** A unit is never split across Kafka transactions: one ends with the last record here that ends a unit. */
    private void markTransaction(List<TrackedRecord> records) {
        if (transactions == null) {
            return;
        }
        for (int i = records.size() - 1; i >= 0; i--) {
            if (records.get(i).endsUnit()) {
                transactions.commitTransaction(records.get(i));
                return;
            }
        }
    }

    /** Kafka has the record, or it was filtered out on the way. Any thread. */
    public void acknowledged(SourceRecord record) {
        if (record instanceof TrackedRecord tracked) {
            acknowledgements.acknowledge(tracked.pending());
        } else {
            throw new IllegalArgumentException("Connect returned a record that was not polled here: " + record.topic());
        }
    }
}
