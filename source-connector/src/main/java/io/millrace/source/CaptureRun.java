package io.millrace.source;

import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A capture at work, by replication or by a scan. {@link #poll} belongs to Connect's task thread, {@link #acknowledged} may
 * come from any, {@link #close} from any.
 */
interface CaptureRun extends AutoCloseable {

    /** What was read since, or null if nothing came within a short time. */
    List<SourceRecord> poll() throws InterruptedException;

    /** Kafka has a record that was polled. */
    void acknowledged(SourceRecord record);

    SourceStatusMXBean status();

    /** Of every shard of the task. */
    default List<SourceStatusMXBean> statuses() {
        return List.of(status());
    }

    @Override
    void close();
}
