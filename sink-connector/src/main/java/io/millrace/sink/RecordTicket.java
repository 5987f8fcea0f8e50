package io.millrace.sink;

import io.millrace.sink.plan.Ticket;
import org.apache.kafka.connect.sink.SinkRecord;

/** A ticket that knows its record, for the error reporter. */
final class RecordTicket extends Ticket {

    private SinkRecord record;
    private final int changes;
    private final long bytes;

    RecordTicket(SinkRecord record, int changes, long bytes) {
        super(
                record.originalTopic(),
                record.originalKafkaPartition(),
                record.originalKafkaOffset(),
                record.timestamp() == null ? -1 : record.timestamp());
        this.record = record;
        this.changes = changes;
        this.bytes = bytes;
    }

    /** The record as it came, or null once its changes have been sent. */
    SinkRecord record() {
        return record;
    }

    /** Lets go of the record, which the parts of a large value would otherwise keep in memory together. */
    void forget() {
        record = null;
    }

    int changes() {
        return changes;
    }

    long bytes() {
        return bytes;
    }
}
