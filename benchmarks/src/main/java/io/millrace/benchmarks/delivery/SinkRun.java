package io.millrace.benchmarks.delivery;

import io.millrace.sink.RedisSinkTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A sink task, driven as Connect would, from the first record to the commit of the last. Used once, by one thread. */
final class SinkRun {
    private static final TopicPartition PARTITION = new TopicPartition(RecordedLog.TOPIC, 0);
    private static final int POLL = 500;

    private final Map<String, String> properties;
    private final List<SinkRecord> log;
    private int position;
    private boolean paused;

    SinkRun(Map<String, String> properties, List<SinkRecord> log) {
        this.properties = properties;
        this.log = log;
    }

    /** How long it takes; connecting and the first claim are not counted. */
    Duration run() {
        RedisSinkTask task = new RedisSinkTask();
        task.initialize(new Context());
        task.start(properties);
        task.open(Set.of(PARTITION));
        try {
            until(task, 1);
            int first = position;
            long begin = System.nanoTime();
            until(task, log.size());
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            // What went before the first commit was not timed.
            return took.multipliedBy(log.size()).dividedBy(Math.max(1, log.size() - first));
        } finally {
            task.close(Set.of(PARTITION));
            task.stop();
        }
    }

    /** Delivers, and no more than these records, until they are committed. */
    private void until(RedisSinkTask task, int end) {
        long committed = -1;
        while (committed < end) {
            int to = paused ? position : Math.max(position, Math.min(end, position + POLL));
            List<SinkRecord> poll = List.copyOf(log.subList(position, to));
            position = to;
            task.put(poll);
            if (position >= end) {
                OffsetAndMetadata offset = task.preCommit(
                                new HashMap<>(Map.of(PARTITION, new OffsetAndMetadata(position))))
                        .get(PARTITION);
                committed = offset == null ? -1 : offset.offset();
            }
        }
    }

    private final class Context implements SinkTaskContext {

        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            position = Math.toIntExact(offsets.get(PARTITION));
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            position = Math.toIntExact(offset);
        }

        @Override
        public void timeout(long millis) {
            // a paused task waits in put
        }

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public void pause(TopicPartition... partitions) {
            paused = true;
        }

        @Override
        public void resume(TopicPartition... partitions) {
            paused = false;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("The sink does not use the worker's metrics here.");
        }

        @Override
        public void requestCommit() {
            // commits come at the end
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return null;
        }
    }
}
