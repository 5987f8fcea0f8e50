package io.millrace.source.config;

import io.millrace.config.Finding;
import io.millrace.source.publish.Publisher.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;

/**
 * How changes are put into records.
 *
 * @param maxBytes above this size, about, a change is split
 */
public record RecordSettings(Style style, int maxBytes) {

    public static final String GROUPING = "record.grouping";
    public static final String MAX_BYTES = "record.max.bytes";
    public static final String BATCH_MAX_CHANGES = "batch.max.changes";
    public static final String BATCH_MAX_BYTES = "batch.max.bytes";

    private static final String EXACTLY_ONCE = "exactly.once.support";
    private static final String TRANSACTION_BOUNDARY = "transaction.boundary";
    private static final String GROUP = "Records";
    private static final String BATCH = "batch";
    private static final int DEFAULT_MAX_BYTES = 900_000;
    private static final int DEFAULT_BATCH_CHANGES = 1000;
    private static final int DEFAULT_BATCH_BYTES = 256 * 1024;

    static void addTo(ConfigDef def) {
        int order = 0;
        def.define(
                GROUPING,
                Type.STRING,
                "single",
                ConfigDef.ValidString.in("single", BATCH),
                Importance.HIGH,
                "One change in a record, with its key, for consumers; or many changes in a record, which costs less, for"
                        + " migrations. The sink connector reads both.",
                GROUP,
                ++order,
                Width.SHORT,
                "Grouping");
        def.define(
                MAX_BYTES,
                Type.INT,
                DEFAULT_MAX_BYTES,
                ConfigDef.Range.between(64 * 1024, 1024 * 1024 * 1024),
                Importance.MEDIUM,
                "Above this size, about, a value or a command is spread over several records. Keep it below max.request.size"
                        + " of the producer and max.message.bytes of the topic, which are 1 MB by default; JsonConverter"
                        + " makes bytes a third longer.",
                GROUP,
                ++order,
                Width.SHORT,
                "Record size");
        def.define(
                BATCH_MAX_CHANGES,
                Type.INT,
                DEFAULT_BATCH_CHANGES,
                ConfigDef.Range.between(1, 1_000_000),
                Importance.LOW,
                "With record.grouping=batch: how many changes a record may hold.",
                GROUP,
                ++order,
                Width.SHORT,
                "Batch changes");
        def.define(
                BATCH_MAX_BYTES,
                Type.INT,
                DEFAULT_BATCH_BYTES,
                ConfigDef.Range.between(1024, 1024 * 1024 * 1024),
                Importance.LOW,
                "With record.grouping=batch: how many bytes of changes a record may hold, about, and never more"
                        + " than record.max.bytes; a single larger change has a record to itself.",
                GROUP,
                ++order,
                Width.SHORT,
                "Batch size");
    }

    static RecordSettings of(AbstractConfig config) {
        Style style = config.getString(GROUPING).equals(BATCH)
                ? new Style.Batch(
                        config.getInt(BATCH_MAX_CHANGES),
                        Math.min(config.getInt(BATCH_MAX_BYTES), config.getInt(MAX_BYTES)))
                : new Style.Single();
        return new RecordSettings(style, config.getInt(MAX_BYTES));
    }

    /** Options that are fine by themselves and not together. */
    static List<Finding> contradictions(Map<String, ?> values, Map<String, String> given) {
        List<Finding> findings = new ArrayList<>();
        if (given.containsKey(BATCH_MAX_BYTES)
                && (Integer) values.get(BATCH_MAX_BYTES) > (Integer) values.get(MAX_BYTES)) {
            findings.add(new Finding(
                    BATCH_MAX_BYTES + "=" + values.get(BATCH_MAX_BYTES) + " is above " + MAX_BYTES + "="
                            + values.get(MAX_BYTES) + ": a batch is one record; lower the one or raise the other.",
                    BATCH_MAX_BYTES,
                    MAX_BYTES));
        }
        if (!values.get(GROUPING).equals(BATCH)) {
            for (String key : List.of(BATCH_MAX_CHANGES, BATCH_MAX_BYTES)) {
                if (given.containsKey(key)) {
                    findings.add(new Finding(
                            key + " is set and " + GROUPING + " is single: set " + GROUPING + "=batch, or remove " + key
                                    + ".",
                            key,
                            GROUPING));
                }
            }
        }
        findings.addAll(producerLimit((Integer) values.get(MAX_BYTES), given));
        if ("required".equalsIgnoreCase(given.get(EXACTLY_ONCE))
                && !"connector".equalsIgnoreCase(given.get(TRANSACTION_BOUNDARY))) {
            findings.add(new Finding(
                    EXACTLY_ONCE + "=required needs " + TRANSACTION_BOUNDARY
                            + "=connector here: only then does a transaction of Kafka never end inside of one of Redis.",
                    EXACTLY_ONCE,
                    TRANSACTION_BOUNDARY));
        }
        return findings;
    }

    private static List<Finding> producerLimit(int maxBytes, Map<String, String> given) {
        String key = "producer.override.max.request.size";
        String limit = given.get(key);
        if (limit == null || !limit.strip().matches("[0-9]{1,9}") || Integer.parseInt(limit.strip()) > maxBytes) {
            return List.of();
        }
        return List.of(new Finding(
                MAX_BYTES + "=" + maxBytes + " is not below " + key + "=" + limit.strip()
                        + ": the producer would refuse the records; lower the one or raise the other.",
                MAX_BYTES,
                key));
    }
}
