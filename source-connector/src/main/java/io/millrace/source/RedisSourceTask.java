package io.millrace.source;

import io.millrace.change.Position;
import io.millrace.plugin.PluginVersion;
import io.millrace.source.config.SourceSettings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** The task: a shell around {@link RunningSource}. */
public final class RedisSourceTask extends SourceTask {

    private volatile RunningSource running;

    @Override
    public String version() {
        return PluginVersion.of(RedisSourceTask.class);
    }

    @Override
    public void start(Map<String, String> properties) {
        SourceSettings settings = SourceSettings.parse(properties);
        Map<String, String> partition =
                RunningSource.partition(settings.capture().sourceName());
        Position stored = position(context.offsetStorageReader().offset(partition));
        running = RunningSource.start(settings, stored, context.transactionContext(), Clock.systemUTC());
    }

    private static Position position(Map<String, Object> stored) {
        try {
            return stored == null ? null : Position.fromMap(stored);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConnectException(
                    e.getMessage() + ". Delete the connector's offsets to begin with a full copy.", e);
        }
    }

    @Override
    public List<SourceRecord> poll() throws InterruptedException {
        RunningSource source = running;
        return source == null ? null : source.poll();
    }

    @Override
    public void commitRecord(SourceRecord record, RecordMetadata metadata) {
        RunningSource source = running;
        if (source != null) {
            source.acknowledged(record);
        }
    }

    @Override
    public void stop() {
        RunningSource source = running;
        if (source != null) {
            source.close();
        }
    }

    RunningSource running() {
        return running;
    }
}
