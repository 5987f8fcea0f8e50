package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.endpoint.Topology;
import io.millrace.plugin.PluginVersion;
import io.millrace.source.config.CaptureMode;
import io.millrace.source.config.SourceSettings;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The task: a shell around {@link RunningSource}. */
public final class RedisSourceTask extends SourceTask {

    private volatile CaptureRun running;

    @Override
    public String version() {
        return PluginVersion.of(RedisSourceTask.class);
    }

    @Override
    public void start(Map<String, String> properties) {
        SourceSettings settings = SourceSettings.parse(properties);
        OffsetStorageReader offsets = context.offsetStorageReader();
        if (settings.endpoint().topology() != Topology.CLUSTER) {
            Position stored = StoredPositions.of(offsets, settings, RunningSource.SHARD);
            running = settings.capture().mode() == CaptureMode.SCAN
                    ? RunningScan.start(settings, stored, context.transactionContext(), Clock.systemUTC())
                    : RunningSource.start(settings, stored, context.transactionContext(), Clock.systemUTC());
            return;
        }
        Map<String, Position> stored = new LinkedHashMap<>();
        ShardList all = new ShardList(settings.capture().sourceName(), names(properties, ShardPlan.ALL_SHARDS));
        for (String shard : all.names()) {
            Position position = StoredPositions.of(offsets, settings, shard);
            if (position != null) {
                stored.put(shard, position);
            }
        }
        if (settings.capture().mode() == CaptureMode.SCAN) {
            running = RunningScan.start(
                    settings,
                    ScanShares.parse(properties.get(ShardPlan.TASK_SLOTS)),
                    stored,
                    context.transactionContext(),
                    Clock.systemUTC());
            return;
        }
        running = RunningSource.start(
                settings,
                names(properties, ShardPlan.TASK_SHARDS),
                stored,
                all.equals(ShardList.stored(offsets, settings)) ? null : all,
                context.transactionContext(),
                Clock.systemUTC());
    }

    private static List<String> names(Map<String, String> properties, String key) {
        return List.of(properties.get(key).split(","));
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        CaptureRun source = running;
        return source == null ? null : source.poll();
    }

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        CaptureRun source = running;
        if (source != null) {
            source.acknowledged(record);
        }
    }

    @Override
    public void stop() {
        CaptureRun source = running;
        if (source != null) {
            source.close();
        }
    }

    CaptureRun running() {
        return running;
    }
}
