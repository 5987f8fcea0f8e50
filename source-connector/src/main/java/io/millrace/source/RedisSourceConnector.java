package io.millrace.source;

import io.millrace.endpoint.Topology;
import io.millrace.plugin.PluginVersion;
import io.millrace.source.config.SourceSettings;
import io.millrace.source.config.SourceValidation;
import io.millrace.source.config.TopicCheck;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Captures the changes of a Redis or Valkey server, or of the shards of a cluster, as a replica. One topic; one task and one
 * partition for a server, up to a task for each shard of a cluster.
 */
public final class RedisSourceConnector extends SourceConnector {

    private Map<String, String> properties;

    /** Null unless the source is a cluster. */
    private ShardPlan plan;

    @Override
    public String version() {
        return PluginVersion.of(RedisSourceConnector.class);
    }

    @Override
    public void start(Map<String, String> given) {
        SourceSettings settings = SourceSettings.parse(given);
        properties = Map.copyOf(given);
        if (settings.endpoint().topology() == Topology.CLUSTER) {
            TopicCheck.live(settings.capture().topic(), settings.capture().partitions(), given)
                    .ifPresent(finding -> {
                        throw new ConnectException(finding.sentence());
                    });
            plan = new ShardPlan(
                    settings,
                    () -> ShardList.stored(context().offsetStorageReader(), settings)
                            .names(),
                    shard -> StoredPositions.of(context().offsetStorageReader(), settings, shard),
                    () -> context().requestTaskReconfiguration());
            plan.requireAccess();
            if (!plan.scans()) {
                RunningShard.daemon(plan, "millrace-source-plan-" + settings.connector())
                        .start();
            }
        }
    }

    @Override
    public Class<? extends Task> taskClass() {
        return RedisSourceTask.class;
    }

    /** One for a server, whose commands have one order; for a cluster the shards are shared out. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        if (plan == null) {
            return List.of(properties);
        }
        List<List<String>> tasks = plan.tasks(maxTasks);
        String all = tasks.stream().flatMap(List::stream).sorted().collect(Collectors.joining(","));
        return tasks.stream()
                .map(shards -> {
                    Map<String, String> task = new HashMap<>(properties);
                    task.put(ShardPlan.TASK_SHARDS, String.join(",", shards));
                    task.put(ShardPlan.ALL_SHARDS, all);
                    if (plan.scans()) {
                        task.put(ShardPlan.TASK_SLOTS, ScanShares.text(plan.shares(shards)));
                    }
                    return Map.copyOf(task);
                })
                .toList();
    }

    @Override
    public void stop() {
        if (plan != null) {
            plan.close();
            plan = null;
        }
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
        SourceSettings settings = SourceSettings.parse(given);
        OffsetAlteration alteration = new OffsetAlteration(
                settings.capture().sourceName(), settings.endpoint().topology() == Topology.CLUSTER);
        offsets.forEach(alteration::check);
        return true;
    }
}
