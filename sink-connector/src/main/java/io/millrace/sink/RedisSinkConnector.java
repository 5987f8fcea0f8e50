package io.millrace.sink;

import io.millrace.client.NodeConnector;
import io.millrace.failure.RedisFailureException;
import io.millrace.plugin.PluginVersion;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.CheckpointRewind;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.config.SinkConfig;
import io.millrace.sink.config.SinkSettings;
import io.millrace.sink.config.SinkValidation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
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

    /**
     * Sets the checkpoints in the destination together with the consumer group's offsets, which Connect sets after this: so
     * {@code PATCH} and {@code DELETE /connectors/<name>/offsets} have the changes from there applied, again if need be.
     *
     * @throws ConnectException when the destination cannot be reached or refuses; nothing is altered in Kafka then
     */
    @Override
    public boolean alterOffsets(Map<String, String> given, Map<TopicPartition, Long> offsets) {
        SinkSettings settings = SinkConfig.parse(given);
        Map<LogPartition, Long> wanted = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && offset < 0) {
                throw new ConnectException("The offset " + offset + " of " + partition
                        + " is below 0. Name the first record that is to be applied, from 0.");
            }
            wanted.put(new LogPartition(partition.topic(), partition.partition()), offset);
        });
        try {
            new CheckpointRewind(new NodeConnector(settings.endpoint()), new CheckpointKeys(settings.connector()))
                    .rewind(wanted);
            return true;
        } catch (RedisFailureException | IllegalArgumentException e) {
            throw new ConnectException(
                    "The offsets were not altered, because the checkpoints in the destination, which say what is applied,"
                            + " cannot be set with them. " + e.getMessage(),
                    e);
        }
    }
}
