package io.millrace.source.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Bounds of the queue between the link and Kafka: the first that is reached counts. */
public record QueueSettings(int maxChanges, long maxBytes) {

    public static final String MAX_CHANGES = "queue.max.changes";
    public static final String MAX_BYTES = "queue.max.bytes";

    private static final String GROUP = "Queue";

    static void addTo(ConfigDef def) {
        def.define(
                MAX_CHANGES,
                Type.INT,
                100_000,
                ConfigDef.Range.between(1, 100_000_000),
                Importance.LOW,
                "How many changes may wait in memory between the source and Kafka.",
                GROUP,
                1,
                Width.SHORT,
                "Queue changes");
        def.define(
                MAX_BYTES,
                Type.LONG,
                64L * 1024 * 1024,
                ConfigDef.Range.between(1024 * 1024, 1L << 40),
                Importance.MEDIUM,
                "How many bytes of changes may wait in memory between the source and Kafka, about. When the queue is full,"
                        + " what follows waits unparsed in the spool.",
                GROUP,
                2,
                Width.SHORT,
                "Queue size");
    }

    static QueueSettings of(AbstractConfig config) {
        return new QueueSettings(config.getInt(MAX_CHANGES), config.getLong(MAX_BYTES));
    }
}
