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

/** Drives a sink task as Connect would, on one partition. */
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
    private final List<SinkRecord> log = new ArrayList<>();
    private int position;
    private long committed;

    SinkDriver(Map<String, String> properties, boolean reporting) {
        this.properties = properties;
        this.reporting = reporting;
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
        log.subList((int) Math.min(committed, log.size()), log.size()).clear();
        restart();
    }

    /** Starts a task where the one before committed, with the log as it is. */
    void restart() {
        failed = null;
        paused = false;
        task = new RedisSinkTask();
        task.initialize(new Context());
        task.start(properties);
        task.open(List.of(PARTITION));
        position = (int) committed;
    }

    /** Lets the consumer group begin elsewhere, with the next start. */
    void committed(long offset) {
        committed = offset;
    }

    /** A failure of the task is thrown by what comes next. Puts each run of {@code perRecord} changes in one record; 1 makes single records. */
    void send(List<? extends Change> changes, int perRecord) {
        prepare(changes, perRecord);
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
            int end = paused ? position : Math.min(log.size(), position + 500);
            delivered = end > position;
            List<SinkRecord> poll = List.copyOf(log.subList(position, end));
            position = end;
            task.put(poll);
        } while (!paused && (delivered || position < log.size()));
    }

    /** Adds to the log the records that {@link #send} would put; gives them, 500 at a time. */
    List<List<SinkRecord>> prepare(List<? extends Change> changes, int perRecord) {
        List<List<SinkRecord>> polls = new ArrayList<>();
        for (int from = 0; from < changes.size(); from += perRecord) {
            if (from % (500 * perRecord) == 0) {
                polls.add(new ArrayList<>());
            }
            polls.get(polls.size() - 1).add(record(changes.subList(from, Math.min(changes.size(), from + perRecord))));
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

    private SinkRecord record(List<? extends Change> changes) {
        boolean single = changes.size() == 1;
        SinkRecord record = new SinkRecord(
                PARTITION.topic(),
                0,
                null,
                null,
                single ? ChangeSchemas.CHANGE : ChangeSchemas.BATCH,
                single
                        ? codec.single(changes.get(0))
                        : codec.batch(changes.get(0).origin(), changes),
                log.size(),
                recordTime < 0 ? System.currentTimeMillis() : recordTime,
                TimestampType.CREATE_TIME);
        log.add(record);
        return record;
    }

    /** Commits, and says up to where. */
    long commit() {
        if (failed != null) {
            throw failed;
        }
        pump();
        OffsetAndMetadata offset = task.preCommit(new HashMap<>(Map.of(PARTITION, new OffsetAndMetadata(position))))
                .get(PARTITION);
        committed = offset == null ? committed : offset.offset();
        return committed;
    }

    /** Waits until everything sent is applied and could be committed. */
    void awaitApplied() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> commit() == log.size());
    }

    /** Whether the task has asked for no more. */
    boolean isPaused() {
        return paused;
    }

    RedisSinkTask task() {
        return task;
    }

    long sent() {
        return log.size();
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
        task.close(List.of(PARTITION));
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
            long offset = offsets.get(PARTITION);
            position = offset > log.size() ? 0 : (int) offset;
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
            return new HashSet<>(Set.of(PARTITION));
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
