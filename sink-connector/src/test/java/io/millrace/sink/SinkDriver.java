package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.awaitility.Awaitility;

/** Drives a sink task as Connect would: on one partition, or on several, of which the first is meant where none is named. */
final class SinkDriver implements AutoCloseable {

    static final TopicPartition PARTITION = new TopicPartition("changes", 0);

    /** What the error reporter was given. */
    record Report(SinkRecord record, Throwable error) {}

    private final ChangeCodec codec = new ChangeCodec();
    private final Map<String, String> properties;
    private final boolean reporting;
    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private RedisSinkTask task;
    private ConnectException failed;
    private boolean paused;
    private long recordTime = -1;
    private final Map<TopicPartition, Log> logs = new LinkedHashMap<>();
    private final Log first;

    /** A partition of the topic. */
    private static final class Log {
        private final TopicPartition partition;
        private final List<SinkRecord> records = new ArrayList<>();
        private int position;
        private long committed;

        Log(TopicPartition partition) {
            this.partition = partition;
        }
    }

    SinkDriver(Map<String, String> properties, boolean reporting) {
        this(properties, reporting, PARTITION.partition());
    }

    SinkDriver(Map<String, String> properties, boolean reporting, int... partitions) {
        this.properties = properties;
        this.reporting = reporting;
        for (int number : partitions) {
            TopicPartition partition = new TopicPartition(PARTITION.topic(), number);
            logs.put(partition, new Log(partition));
        }
        this.first = logs.values().iterator().next();
        start();
    }

    static Map<String, String> to(LocalServer server, String... more) {
        return with(to(server.port()), more);
    }

    static Map<String, String> to(int port) {
        return new HashMap<>(Map.of("redis.hosts", "127.0.0.1:" + port));
    }

    static Map<String, String> to(LocalCluster cluster, String... more) {
        String seeds = cluster.masters().stream()
                .map(node -> "127.0.0.1:" + node.port())
                .collect(Collectors.joining(","));
        Map<String, String> properties = new HashMap<>(
                Map.of("redis.hosts", seeds, "redis.topology", "cluster", "delivery.semantics", "effectively-once"));
        return with(properties, more);
    }

    private static Map<String, String> with(Map<String, String> properties, String... more) {
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** What the task shows through JMX. */
    static SinkStatusMXBean status() {
        try {
            return JMX.newMXBeanProxy(
                    ManagementFactory.getPlatformMBeanServer(),
                    new ObjectName("io.millrace:type=sink,connector=millrace-sink,task=0"),
                    SinkStatusMXBean.class);
        } catch (MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts a task where the one before committed; what came after is taken from the log, to be sent again. */
    void start() {
        for (Log log : logs.values()) {
            log.records
                    .subList((int) Math.min(log.committed, log.records.size()), log.records.size())
                    .clear();
        }
        restart();
    }

    /** Starts a task where the one before committed, with the log as it is. */
    void restart() {
        failed = null;
        paused = false;
        task = new RedisSinkTask();
        task.initialize(new Context());
        task.start(properties);
        task.open(logs.keySet());
        logs.values().forEach(log -> log.position = (int) log.committed);
    }

    /** Lets the consumer group begin elsewhere, with the next start. */
    void committed(long offset) {
        logs.values().forEach(log -> log.committed = offset);
    }

    /** A failure of the task is thrown by what comes next. Puts each run of {@code perRecord} changes of a shard in one record; 1 makes single records. */
    void send(List<? extends Change> changes, int perRecord) {
        send(first.partition.partition(), changes, perRecord);
    }

    void send(int partition, List<? extends Change> changes, int perRecord) {
        prepare(logs.get(new TopicPartition(PARTITION.topic(), partition)), changes, perRecord);
        try {
            pump();
        } catch (ConnectException e) {
            failed = e;
        }
    }

    /** Delivers what has not been delivered, until the task wants no more. */
    void pump() {
        boolean delivered;
        do {
            List<SinkRecord> poll = new ArrayList<>();
            for (Log log : logs.values()) {
                int end = paused ? log.position : Math.min(log.records.size(), log.position + 500);
                poll.addAll(log.records.subList(log.position, end));
                log.position = end;
            }
            delivered = !poll.isEmpty();
            task.put(poll);
        } while (!paused && (delivered || isBehind()));
    }

    private boolean isBehind() {
        return logs.values().stream().anyMatch(log -> log.position < log.records.size());
    }

    /** Adds to the log the records that {@link #send} would put; gives them, 500 at a time. */
    List<List<SinkRecord>> prepare(List<? extends Change> changes, int perRecord) {
        return prepare(first, changes, perRecord);
    }

    private List<List<SinkRecord>> prepare(Log log, List<? extends Change> changes, int perRecord) {
        List<List<SinkRecord>> polls = new ArrayList<>();
        int records = 0;
        for (int from = 0; from < changes.size(); ) {
            int end = from + 1;
            String shard = changes.get(from).origin().shard();
            while (end < Math.min(changes.size(), from + perRecord)
                    && changes.get(end).origin().shard().equals(shard)) {
                end++;
            }
            if (records++ % 500 == 0) {
                polls.add(new ArrayList<>());
            }
            polls.get(polls.size() - 1).add(record(log, changes.subList(from, end)));
            from = end;
        }
        return polls;
    }

    void send(Change... changes) {
        send(List.of(changes), 1);
    }

    /** What the records that follow have as their time, in milliseconds since the epoch; else it is now. */
    void recordTime(long millis) {
        recordTime = millis;
    }

    private SinkRecord record(Log log, List<? extends Change> changes) {
        boolean single = changes.size() == 1;
        SinkRecord record = new SinkRecord(
                log.partition.topic(),
                log.partition.partition(),
                null,
                null,
                single ? ChangeSchemas.CHANGE : ChangeSchemas.BATCH,
                single
                        ? codec.single(changes.get(0))
                        : codec.batch(changes.get(0).origin(), changes),
                log.records.size(),
                recordTime < 0 ? System.currentTimeMillis() : recordTime,
                TimestampType.CREATE_TIME);
        log.records.add(record);
        return record;
    }

    /** Commits, and says up to where; of several partitions the sum. */
    long commit() {
        if (failed != null) {
            throw failed;
        }
        pump();
        Map<TopicPartition, OffsetAndMetadata> offered = new HashMap<>();
        logs.forEach((partition, log) -> offered.put(partition, new OffsetAndMetadata(log.position)));
        task.preCommit(offered).forEach((partition, offset) -> logs.get(partition).committed = offset.offset());
        return logs.values().stream().mapToLong(log -> log.committed).sum();
    }

    /** Waits until everything sent is applied and could be committed. */
    void awaitApplied() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> commit() == sent());
    }

    /** Whether the task has asked for no more. */
    boolean isPaused() {
        return paused;
    }

    RedisSinkTask task() {
        return task;
    }

    long sent() {
        return logs.values().stream().mapToLong(log -> log.records.size()).sum();
    }

    List<Report> reports() {
        return reports;
    }

    /** Ends the task as Connect does, with a last commit. */
    void stop() {
        commit();
        crash();
    }

    /** Ends the task without a commit. */
    void crash() {
        task.close(logs.keySet());
        task.stop();
    }

    @Override
    public void close() {
        crash();
    }

    private final class Context implements SinkTaskContext {

        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {
            // beyond the end of the log a consumer begins again, as Connect's default has it
            offsets.forEach((partition, offset) -> {
                Log log = logs.get(partition);
                log.position = offset > log.records.size() ? 0 : offset.intValue();
            });
        }

        @Override
        public void offset(TopicPartition partition, long offset) {
            throw new AssertionError("not with one partition");
        }

        @Override
        public void timeout(long millis) {
            // the driver does not wait between calls
        }

        @Override
        public Set<TopicPartition> assignment() {
            return new HashSet<>(logs.keySet());
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
            throw new AssertionError("not used");
        }

        @Override
        public void requestCommit() {
            // the driver commits when it wants to
        }

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return !reporting
                    ? null
                    : (record, error) -> {
                        if (record.timestamp() == null) {
                            throw new AssertionError("Connect's reporters fail for a record without a time");
                        }
                        reports.add(new Report(record, error));
                        return CompletableFuture.completedFuture(null);
                    };
        }
    }
}
