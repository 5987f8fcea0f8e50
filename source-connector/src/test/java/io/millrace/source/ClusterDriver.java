package io.millrace.source;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Runs the connector and the tasks of a cluster as a Connect worker does, each task with a thread, and keeps the topic. */
final class ClusterDriver implements AutoCloseable {

    private static final int PARTITIONS = 4;

    private final Map<String, String> properties = new HashMap<>();
    private final int maxTasks;
    private final Map<Map<String, ?>, Map<String, Object>> acknowledged = new ConcurrentHashMap<>();

    /** What a task finds when it starts: lags behind, as Connect's own commits do. */
    private final Map<Map<String, ?>, Map<String, Object>> stored = new ConcurrentHashMap<>();

    private final List<List<Change>> topic = new ArrayList<>();
    private final List<Runner> runners = new ArrayList<>();
    private final AtomicInteger replans = new AtomicInteger();
    private volatile RuntimeException failure;
    private volatile boolean held;
    private volatile long limit = Long.MAX_VALUE;
    private RedisSourceConnector connector;

    ClusterDriver(LocalCluster cluster, int maxTasks, String... more) {
        this.maxTasks = maxTasks;
        properties.put("name", "cluster-test-" + System.nanoTime());
        properties.put("topic", "changes");
        properties.put("topic.partitions", Integer.toString(PARTITIONS));
        properties.put("redis.topology", "cluster");
        properties.put("record.grouping", "batch");
        properties.put("heartbeat.interval.ms", "500");
        properties.put(
                "redis.hosts", LocalServer.HOST + ":" + cluster.masters().get(0).port());
        for (int i = 0; i + 1 < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        for (int i = 0; i < PARTITIONS; i++) {
            topic.add(new ArrayList<>());
        }
    }

    ClusterDriver start() {
        connector = new RedisSourceConnector();
        connector.initialize(new Context());
        connector.start(properties);
        startTasks();
        return this;
    }

    /** Ends in order: what is acknowledged is stored. */
    void stop() throws InterruptedException {
        stopTasks();
        commit();
        connector.stop();
        connector = null;
    }

    /** For the next start: another node to ask for the cluster. */
    void seed(LocalServer node) {
        properties.put("redis.hosts", LocalServer.HOST + ":" + node.port());
    }

    private void startTasks() {
        for (Map<String, String> task : connector.taskConfigs(maxTasks)) {
            Runner runner = new Runner(task);
            runners.add(runner);
            runner.start();
        }
    }

    /** As Connect does when the connector asks for other tasks: those that run are stopped, and their offsets stored. */
    void replanned() throws InterruptedException {
        stopTasks();
        commit();
        startTasks();
    }

    /** Takes nothing from the tasks, which stop when their queues are full. */
    void hold() {
        held = true;
    }

    /** The same, as soon as it has taken so many changes. */
    ClusterDriver holdAfter(long changes) {
        limit = changes;
        return this;
    }

    boolean isHeld() {
        return held;
    }

    void release() {
        limit = Long.MAX_VALUE;
        held = false;
    }

    int replans() {
        return replans.get();
    }

    /** A restart of the connector itself, as of a worker that is gone for a while. */
    void stopAll() throws InterruptedException {
        stopTasks();
        acknowledged.clear();
        acknowledged.putAll(stored);
        connector.stop();
        connector = null;
    }

    private void stopTasks() throws InterruptedException {
        for (Runner runner : runners) {
            runner.end();
        }
        runners.clear();
    }

    /** Stores what is acknowledged. */
    void commit() {
        stored.putAll(acknowledged);
    }

    /** Ends the tasks as a kill does, and starts them again from what was committed last. */
    void crash() throws InterruptedException {
        stopTasks();
        acknowledged.clear();
        acknowledged.putAll(stored);
        startTasks();
    }

    /** The changes of each partition so far, in their order. */
    List<List<Change>> topic() {
        if (failure != null) {
            throw failure;
        }
        List<List<Change>> copy = new ArrayList<>();
        synchronized (topic) {
            topic.forEach(partition -> copy.add(List.copyOf(partition)));
        }
        return copy;
    }

    List<SourceStatusMXBean> statuses() {
        return runners.stream()
                .flatMap(runner -> runner.task.running().statuses().stream())
                .toList();
    }

    boolean all(String phase) {
        List<SourceStatusMXBean> statuses = statuses();
        return !statuses.isEmpty()
                && statuses.stream().allMatch(s -> s.getPhase().equals(phase));
    }

    /** Whether a shard is in this phase. */
    boolean has(String phase) {
        return statuses().stream().anyMatch(s -> s.getPhase().equals(phase));
    }

    @Override
    public void close() {
        try {
            stopTasks();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (connector != null) {
            connector.stop();
        }
    }

    private final class Runner extends Thread {

        private final RedisSourceTask task = new RedisSourceTask();
        private final ChangeCodec codec = new ChangeCodec();
        private volatile boolean ending;

        Runner(Map<String, String> config) {
            super("task");
            task.initialize(new Context());
            task.start(config);
        }

        @Override
        public void run() {
            try {
                while (!ending) {
                    if (held) {
                        Thread.sleep(10);
                        continue;
                    }
                    List<SourceRecord> records = task.poll();
                    if (records != null && !ending) {
                        take(records);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        private void take(List<SourceRecord> records) {
            synchronized (topic) {
                for (SourceRecord record : records) {
                    topic.get(record.kafkaPartition()).addAll(codec.read(record.valueSchema(), record.value()));
                }
                held |= topic.stream().mapToLong(List::size).sum() >= limit;
            }
            for (SourceRecord record : records) {
                @SuppressWarnings("unchecked")
                Map<String, Object> offset = (Map<String, Object>) record.sourceOffset();
                acknowledged.put(record.sourcePartition(), offset);
                task.commitRecord(record, null);
            }
        }

        void end() throws InterruptedException {
            ending = true;
            task.stop();
            join();
        }
    }

    private final class Context implements SourceTaskContext, SourceConnectorContext {

        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public void requestTaskReconfiguration() {
            replans.incrementAndGet();
        }

        @Override
        public void raiseError(Exception e) {
            throw new IllegalStateException(e);
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return stored.get(partition);
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(java.util.Collection<Map<String, T>> all) {
                    throw new UnsupportedOperationException("not used");
                }
            };
        }

        @Override
        public org.apache.kafka.common.metrics.PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("not used");
        }
    }
}
