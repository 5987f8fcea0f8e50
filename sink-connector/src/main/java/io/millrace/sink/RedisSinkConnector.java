package io.millrace.sink;

import io.millrace.plugin.PluginVersion;
import io.millrace.sink.config.SinkConfig;
import io.millrace.sink.config.SinkValidation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Applies the changes of a topic to a Redis or Valkey server or cluster. */
public final class RedisSinkConnector extends SinkConnector {

    private Map<String, String> properties;

    @Override
    public String version() {
        return PluginVersion.of(RedisSinkConnector.class);
    }

    @Override
    public void start(Map<String, String> given) {
        SinkConfig.parse(given);
        properties = Map.copyOf(given);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return RedisSinkTask.class;
    }

    /** Connect shares the partitions out among the tasks, so that as many as it allows are of use. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> tasks = new ArrayList<>(maxTasks);
        for (int i = 0; i < maxTasks; i++) {
            tasks.add(SinkConfig.ofTask(properties, i));
        }
        return tasks;
    }

    @Override
    public void stop() {
        properties = null;
    }

    @Override
    public ConfigDef config() {
        return SinkConfig.def();
    }

    /** Connects to the destination, for at most a few seconds, and names the option that is at fault. */
    @Override
    public Config validate(Map<String, String> given) {
        return SinkValidation.validate(given);
    }
}
