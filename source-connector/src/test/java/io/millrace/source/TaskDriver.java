package io.millrace.source;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.codec.ChangeCodec;
import io.millrace.redis.local.LocalServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Runs a task as a Connect worker does: polls, keeps what it gets as a log would, acknowledges, and stores offsets. */
final class TaskDriver implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Map<String, String> properties;
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<SourceRecord> records = new ArrayList<>();
    private final ChangeCodec codec = new ChangeCodec();
    private RedisSourceTask task;
    private boolean acknowledging = true;
    private final List<SourceRecord> unacknowledged = new ArrayList<>();

    TaskDriver(Map<String, String> properties) {
        this.properties = properties;
    }

    /** As if Connect had stored this. */
    TaskDriver storing(Map<String, Object> offset) {
        offsets.put(RunningSource.partition(properties.get("topic")), offset);
        return this;
    }

    void reconfigure(String key, String value) {
        properties.put(key, value);
    }

    TaskDriver start() {
        task = new RedisSourceTask();
        task.initialize(new Context());
        task.start(properties);
        return this;
    }

    /** Stops the task; what it stored stays. */
    void stop() {
        if (task != null) {
            task.stop();
            task = null;
        }
    }

    /** As a worker that is killed: what is polled and not acknowledged is neither stored nor kept. */
    void crash() {
        records.removeAll(unacknowledged);
        unacknowledged.clear();
        stop();
    }

    /** As a worker that is killed after Kafka has what was polled, and before Connect has stored how far that is. */
    void forgetUnacknowledged() {
        unacknowledged.clear();
        acknowledging = true;
    }

    void acknowledging(boolean on) throws InterruptedException {
        acknowledging = on;
        if (on) {
            for (SourceRecord record : unacknowledged) {
                acknowledge(record);
            }
            unacknowledged.clear();
        }
    }

    /** Whether a mark of this meaning has come. */
    boolean has(Mark.Meaning meaning) {
        return changes.stream().anyMatch(c -> c instanceof Mark mark && mark.meaning() == meaning);
    }

    /** Polls until a whole snapshot has come. */
    TaskDriver untilCopied() throws InterruptedException {
        return until(() -> has(Mark.Meaning.SNAPSHOT_END));
    }

    /** Writes a last value and polls until it comes. */
    void drain(LocalServer server) throws InterruptedException {
        String value = "end-" + changes.size();
        server.command("SET", "end", value);
        until(() -> lastArgument().equals(value));
    }

    private String lastArgument() {
        for (int i = changes.size() - 1; i >= 0; i--) {
            if (changes.get(i) instanceof CommandChange change) {
                byte[][] args = change.command().args();
                return new String(args[args.length - 1], StandardCharsets.US_ASCII);
            }
        }
        return "";
    }

    /** Polls until the condition holds. */
    TaskDriver until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within " + PATIENCE + "; changes: " + changes.size() + ", phase: "
                        + task.running().status().getPhase() + ", last error: "
                        + task.running().status().getLastError());
            }
            poll();
        }
        return this;
    }

    void poll() throws InterruptedException {
        List<SourceRecord> polled = task.poll();
        if (polled == null) {
            return;
        }
        for (SourceRecord record : polled) {
            records.add(record);
            changes.addAll(codec.read(record.valueSchema(), record.value()));
            if (acknowledging) {
                acknowledge(record);
            } else {
                unacknowledged.add(record);
            }
        }
    }

    private void acknowledge(SourceRecord record) throws InterruptedException {
        @SuppressWarnings("unchecked")
        Map<String, Object> offset = (Map<String, Object>) record.sourceOffset();
        offsets.put(record.sourcePartition(), offset);
        task.commitRecord(record, null);
    }

    List<Change> changes() {
        return changes;
    }

    List<SourceRecord> records() {
        return records;
    }

    Map<String, Object> storedOffset() {
        return offsets.isEmpty() ? null : offsets.values().iterator().next();
    }

    SourceStatusMXBean status() {
        return task.running().status();
    }

    @Override
    public void close() {
        stop();
    }

    private final class Context implements SourceTaskContext {

        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return offsets.get(partition);
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(java.util.Collection<Map<String, T>> all) {
                    Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
                    all.forEach(partition -> found.put(partition, offset(partition)));
                    return found;
                }
            };
        }

        @Override
        public org.apache.kafka.common.metrics.PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("not used");
        }
    }
}
