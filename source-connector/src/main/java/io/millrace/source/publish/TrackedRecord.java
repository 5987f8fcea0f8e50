package io.millrace.source.publish;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/** A record that knows its place in the account of acknowledgements. Connect hands back the instance that was polled. */
final class TrackedRecord extends SourceRecord {

    private final transient Acknowledgements acknowledgements;
    private final transient Acknowledgements.Pending pending;
    private final boolean endsUnit;

    TrackedRecord(
            Map<String, ?> sourcePartition,
            Map<String, ?> sourceOffset,
            String topic,
            int partition,
            Schema keySchema,
            Object key,
            Schema valueSchema,
            Object value,
            long timestamp,
            Acknowledgements acknowledgements,
            Acknowledgements.Pending pending,
            boolean endsUnit) {
        super(sourcePartition, sourceOffset, topic, partition, keySchema, key, valueSchema, value, timestamp);
        this.acknowledgements = acknowledgements;
        this.pending = pending;
        this.endsUnit = endsUnit;
    }

    /** Kafka has it. Any thread. */
    void acknowledge() {
        acknowledgements.acknowledge(pending);
    }

    /** Whether a Kafka transaction may end with this record. */
    boolean endsUnit() {
        return endsUnit;
    }

    // Identity, not content: two records of one source may be equal in all that SourceRecord compares.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
