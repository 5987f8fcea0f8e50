package io.millrace.source.config;

import io.millrace.config.ConfigCheck;
import io.millrace.config.RedisSettings;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;

/** All settings of a source task, parsed. */
public record SourceSettings(
        String connector,
        RedisEndpoint endpoint,
        CaptureSettings capture,
        RecordSettings records,
        QueueSettings queue,
        SpoolSettings spool,
        RetrySettings retry) {

    /** The declaration of every option. */
    public static ConfigDef definition() {
        ConfigDef def = new ConfigDef();
        RedisSettings.addTo(def, Topology.STANDALONE, Topology.SENTINEL, Topology.CLUSTER);
        CaptureSettings.addTo(def);
        RecordSettings.addTo(def);
        QueueSettings.addTo(def);
        SpoolSettings.addTo(def);
        RetrySettings.addTo(def);
        return def;
    }

    /** Each option by itself and options against each other; nothing is connected to. */
    static ConfigCheck check(Map<String, String> properties) {
        ConfigCheck check = new ConfigCheck(definition(), properties);
        if (check.isClean(
                RecordSettings.GROUPING,
                RecordSettings.MAX_BYTES,
                RecordSettings.BATCH_MAX_BYTES,
                RecordSettings.BATCH_MAX_CHANGES)) {
            check.addAll(RecordSettings.contradictions(check.values(), properties));
        }
        if (check.isClean(CaptureSettings.MODE, CaptureSettings.READ_FROM, RedisSettings.TOPOLOGY)) {
            check.addAll(CaptureSettings.contradictions(check.values()));
        }
        if (check.isClean(CaptureSettings.TOPIC, CaptureSettings.TOPIC_PARTITIONS, RedisSettings.TOPOLOGY)) {
            check.addAll(TopicCheck.contradictions(check.values(), properties));
        }
        return check;
    }

    /**
     * Parses the properties of a connector or task.
     *
     * @throws ConfigException with the first thing that is wrong
     */
    public static SourceSettings parse(Map<String, String> properties) {
        ConfigCheck check = check(properties);
        check.redisEndpoint();
        for (ConfigValue value : check.result().configValues()) {
            if (!value.errorMessages().isEmpty()) {
                throw new ConfigException(value.errorMessages().get(0));
            }
        }
        AbstractConfig config = new AbstractConfig(definition(), properties, false);
        return new SourceSettings(
                properties.getOrDefault("name", config.getString(CaptureSettings.TOPIC)),
                RedisSettings.endpoint(config),
                CaptureSettings.of(config),
                RecordSettings.of(config),
                QueueSettings.of(config),
                SpoolSettings.of(config),
                RetrySettings.of(config));
    }
}
