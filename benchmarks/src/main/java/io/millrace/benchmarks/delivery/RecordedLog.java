package io.millrace.benchmarks.delivery;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of a partition as a consumer delivers them, 60 changes each, all in memory. */
final class RecordedLog {
    static final String TOPIC = "changes";
    private static final int PER_RECORD = 60;

    private RecordedLog() {}

    /** Transactions of two, three or four commands are whole in a record. */
    static List<SinkRecord> of(List<Change> changes) {
        ChangeCodec codec = new ChangeCodec();
        List<SinkRecord> records = new ArrayList<>();
        for (int from = 0; from < changes.size(); from += PER_RECORD) {
            List<Change> run = changes.subList(from, Math.min(changes.size(), from + PER_RECORD));
            records.add(new SinkRecord(
                    TOPIC,
                    0,
                    null,
                    null,
                    ChangeSchemas.BATCH,
                    codec.batch(run.get(0).origin(), run),
                    records.size(),
                    1_700_000_000_000L,
                    TimestampType.CREATE_TIME));
        }
        return records;
    }
}
