package io.millrace.source;

import io.millrace.plugin.PluginVersion;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SourceValidation;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/** Captures the changes of a Redis or Valkey server as its replica. One task, one topic, one partition. */
public final class RedisSourceConnector extends SourceConnector {

    private Map<String, String> properties;

    @Override
    public String version() {
        return PluginVersion.of(RedisSourceConnector.class);
    }

    @Override
    public void start(Map<String, String> given) {
        SourceSettings.parse(given);
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return RedisSourceTask.class;
    }

    /** One: the commands of a server have one order. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {
        properties = null;
    }

    @Override
    public ConfigDef config() {
        return SourceSettings.definition();
    }

    /** Connects to the source, for at most a few seconds, and names the option that is at fault. */
    @Override
    public Config validate(Map<String, String> given) {
        return SourceValidation.validate(given);
    }

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> given) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    /** With transaction.boundary=connector, a transaction of Kafka ends only with a unit of the source. */
    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> given) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    /**
     * Offsets may be set to what a task could have stored, or deleted for a full copy.
     *
     * @throws ConnectException with one sentence, and nothing is altered, when one of them is anything else
     */
    @Override
    public boolean alterOffsets(Map<String, String> given, Map<Map<String, ?>, Map<String, ?>> offsets) {
        OffsetAlteration alteration =
                new OffsetAlteration(SourceSettings.parse(given).capture().sourceName());
        offsets.forEach(alteration::check);
        return true;
    }
}
