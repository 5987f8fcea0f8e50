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

    /** Above this, the records of a unit without an end so far are returned all the same. */
    private static final long HOLD_BYTES = 16L * 1024 * 1024;

    private final ChangeQueue queue;
    private final Grouping grouping;
    private final Acknowledgements acknowledgements;

    /** Null unless this connector sets the boundaries of Kafka transactions. */
    private final TransactionContext transactions;

    /** The records of a unit whose end did not come yet, and about how many bytes they are. */
    private List<TrackedRecord> held = new ArrayList<>();

    private long heldBytes;

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
     * The records of what the queue holds, or null if nothing came within the time. They end with a unit, unless one is
     * larger than what is held back, so that a transaction of Kafka that ends with a poll splits none. A failure of the
     * reader is thrown after everything that was read before it.
     */
    public List<SourceRecord> poll(long timeoutMillis) throws InterruptedException {
        Run run = queue.take(timeoutMillis);
        if (run == null) {
            return null;
        }
        List<TrackedRecord> records = held;
        held = new ArrayList<>();
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
        int whole = whole(records);
        heldBytes = whole == 0 ? heldBytes + bytes : bytes;
        if (whole < records.size() && heldBytes <= HOLD_BYTES) {
            List<TrackedRecord> rest = records.subList(whole, records.size());
            held.addAll(rest);
            rest.clear();
        }
        if (whole > 0 && transactions != null) {
            // A unit is never split across Kafka transactions: one ends with the last record here that ends a unit.
            transactions.commitTransaction(records.get(whole - 1));
        }
        return records.isEmpty() ? null : new ArrayList<>(records);
    }

    /** How many records at the head are whole units. */
    private static int whole(List<TrackedRecord> records) {
        int whole = records.size();
        while (whole > 0 && !records.get(whole - 1).endsUnit()) {
            whole--;
        }
        return whole;
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
