package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.SnapshotEntry;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** A record and what it says. */
record Delivery(RecordTicket ticket, List<Change> changes) {

    private static final int OVERHEAD = 200;

    static Delivery of(SinkRecord record, List<Change> changes) {
        long bytes = 0;
        for (Change change : changes) {
            bytes += OVERHEAD + size(change);
        }
        return new Delivery(new RecordTicket(record, changes.size(), bytes), changes);
    }

    /** A typed value is counted by its elements alone; the record that carried it was bounded already. */
    private static long size(Change change) {
        long bytes = 0;
        if (change instanceof CommandChange command) {
            for (byte[] arg : command.command().args()) {
                bytes += arg.length;
            }
        } else if (change instanceof SnapshotEntry entry) {
            bytes += entry.payload() == null ? 0 : entry.payload().length;
            bytes += entry.value() == null ? 0 : ValueSize.of(entry.value());
        }
        return bytes;
    }
}
