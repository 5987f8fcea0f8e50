package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.plugin.PluginVersion;
import io.millrace.plugin.StatusBean;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.apply.TakenOverException;
import io.millrace.sink.config.DeliverySemantics;
import io.millrace.sink.config.SinkConfig;
import io.millrace.sink.config.SinkSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/**
 * What Connect drives: it reads records and hands them to a {@link RunningSink}, which lives as long as an assignment.
 *
 * <p>When the sink's buffer is full the partitions are paused, so that {@link #put} never keeps the consumer from its
 * group for longer than a second.
 */
public final class RedisSinkTask extends SinkTask {

    private static final long ROOM_MILLIS = 1000;
    private static final long DRAIN_MILLIS = 5000;
    private static final long TAKEN_OVER_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ChangeCodec codec = new ChangeCodec();
    private final SinkStatus status = new SinkStatus();
    private SinkSettings settings;
    private Refusals refusals;
    private StatusBean registration;
    private RunningSink sink;
    private boolean paused;
    private long takenOverAt;

    @Override
    public String version() {
        return PluginVersion.of(RedisSinkTask.class);
    }

    @Override
    public void start(Map<String, String> properties) {
        settings = SinkConfig.parse(properties);
        refusals = new Refusals(reporter(), status);
        registration = StatusBean.register(status, "sink", settings.connector(), "task", settings.task());
    }

    /** Null where the worker has none to give. */
    private ErrantRecordReporter reporter() {
        return context.errantRecordReporter();
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        Set<TopicPartition> all = new HashSet<>(partitions);
        if (sink != null) {
            if (settings.delivery() == DeliverySemantics.AT_LEAST_ONCE) {
                return;
            }
            all.addAll(sink.partitions());
            readAgain(all);
        }
        if (!all.isEmpty()) {
            sink = RunningSink.start(settings, all, refusals, status);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        if (sink == null) {
            return;
        }
        if (throwFailure()) {
            limit(false);
            return;
        }
        Map<TopicPartition, Long> seeks = sink.seeks();
        if (!seeks.isEmpty()) {
            context.offset(seeks);
        }
        for (SinkRecord record : records) {
            if (record.value() != null
                    && !seeks.containsKey(new TopicPartition(record.originalTopic(), record.originalKafkaPartition()))
                    && !settings.until().excludes(record.topic(), record.kafkaPartition(), record.kafkaOffset())) {
                sink.put(Delivery.of(record, read(record)));
            }
        }
        try {
            limit(sink.awaitRoom(ROOM_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    private List<Change> read(SinkRecord record) {
        try {
            return codec.read(record.valueSchema(), record.value());
        } catch (DataException e) {
            throw new ConnectException(
                    "Record " + record.topic() + "-" + record.kafkaPartition() + "@" + record.kafkaOffset()
                            + " cannot be read. " + e.getMessage(),
                    e);
        }
    }

    private void limit(boolean room) {
        Set<TopicPartition> assignment = context.assignment();
        if (!room) {
            paused = true;
            context.pause(assignment.toArray(new TopicPartition[0]));
            context.timeout(1);
        } else if (paused) {
            paused = false;
            context.resume(assignment.toArray(new TopicPartition[0]));
        }
    }

    /** True when the sink has failed, and Connect is given the time to take its partitions away. */
    private boolean throwFailure() {
        SinkFailure failure = sink.failure();
        if (failure == null) {
            return false;
        }
        if (failure instanceof TakenOverException) {
            long now = System.nanoTime();
            takenOverAt = takenOverAt == 0 ? now : takenOverAt;
            if (now - takenOverAt < TAKEN_OVER_NANOS) {
                return true;
            }
        }
        throw new ConnectException(failure.getMessage(), failure);
    }

    /** Everything before the first record that is not applied. Waits a little for what has been taken to be applied. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> current) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        if (sink == null) {
            return offsets;
        }
        if (!paused) {
            try {
                sink.awaitApplied(DRAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        sink.committable().forEach((partition, offset) -> {
            if (current.containsKey(partition)) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        return offsets;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        if (sink == null) {
            return;
        }
        Set<TopicPartition> left = new HashSet<>(sink.partitions());
        left.removeAll(partitions);
        // The others stay assigned: they are read again from where they are not applied.
        readAgain(left);
        if (!left.isEmpty()) {
            sink = RunningSink.start(settings, left, refusals, status);
        }
    }

    /** Ends the sink; what is left of its partitions is read again from where it is not applied. */
    private void readAgain(Set<TopicPartition> left) {
        sink.close();
        Map<TopicPartition, Long> again = new HashMap<>(sink.resumePoints());
        sink = null;
        takenOverAt = 0;
        again.keySet().retainAll(left);
        again.values().removeIf(offset -> offset < 0);
        if (!again.isEmpty()) {
            context.offset(again);
        }
    }

    @Override
    public void stop() {
        if (sink != null) {
            sink.close();
            sink = null;
        }
        if (registration != null) {
            registration.close();
            registration = null;
        }
    }
}
