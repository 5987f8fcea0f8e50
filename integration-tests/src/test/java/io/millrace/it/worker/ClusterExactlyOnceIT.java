package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.it.pipeline.Converters;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.it.worker.CommittedChanges.Read;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.SlotPartitions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster as the source of a worker with {@code exactly.once.source.support=enabled} that is killed again and again: by
 * one task that reads all shards, and by a task for each shard.
 */
@ExtendWith(WithSharedRuntime.class)
class ClusterExactlyOnceIT {

    private static final int KILLS = 2;
    private static final int SHARDS = 3;
    private static final SlotPartitions PARTITIONS = new SlotPartitions(6);

    /** Bytes of each shard's stream that are committed between two kills. */
    private static final long PROGRESS = 10_000;

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String ONE_TASK = "exactly-once-cluster";
    private static final String SEVERAL_TASKS = "exactly-once-shards";
    private static final List<String> CONNECTORS = List.of(ONE_TASK, SEVERAL_TASKS);

    @TempDir
    static Path directory;

    private static SharedRuntime kafka;
    private static LocalCluster source;
    private static ExactlyOnceWorker worker;

    @BeforeAll
    static void start(SharedRuntime runtime) {
        kafka = runtime;
        source = LocalCluster.of(ServerVersion.standard())
                .masters(SHARDS)
                .config("repl-backlog-size 64mb")
                .config("repl-diskless-sync-delay 0")
                .start();
        worker = ExactlyOnceWorker.start("exactly-once-cluster", kafka.bootstrapServers(), directory);
    }

    @AfterAll
    static void stop() {
        if (worker != null) {
            worker.close();
        }
        source.close();
    }

    private static void create(String name, int tasks, String grouping) {
        Map<String, String> config = new HashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("tasks.max", Integer.toString(tasks));
        config.put("redis.topology", "cluster");
        config.put(
                "redis.hosts",
                source.masters().stream()
                        .map(master -> LocalServer.HOST + ":" + master.port())
                        .collect(Collectors.joining(",")));
        config.put("topic", name);
        config.put("topic.partitions", Integer.toString(PARTITIONS.count()));
        config.put("topic.creation.default.partitions", Integer.toString(PARTITIONS.count()));
        config.put("topic.creation.default.replication.factor", "1");
        config.put("record.grouping", grouping);
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        worker.rest().put(name, config);
    }

    /** The stored offsets of the shards that are past their snapshot. */
    private static Map<String, Long> stored(String connector) {
        worker.rest().failure(connector).ifPresent(trace -> {
            throw new AssertionError(connector + " failed: " + trace);
        });
        Map<String, Long> offsets = new HashMap<>();
        for (JsonNode each : worker.rest().offsets(connector)) {
            if (each.path("offset").path("phase").asText().equals("stream")) {
                offsets.put(
                        each.path("partition").path("shard").asText(),
                        each.path("offset").path("offset").asLong());
            }
        }
        return offsets;
    }

    /** Until every shard of every connector is so much further. */
    private static void awaitProgress(long bytes) {
        for (String connector : CONNECTORS) {
            Map<String, Long> before = stored(connector);
            await(connector + " behind " + before).atMost(PATIENCE).until(() -> {
                Map<String, Long> now = stored(connector);
                return now.size() == SHARDS
                        && now.entrySet().stream()
                                .allMatch(each -> each.getValue() >= before.getOrDefault(each.getKey(), 0L) + bytes);
            });
        }
    }

    @Test
    void commitsEachUnitOfEveryShardOnceAndWholeHoweverOftenTheWorkerIsKilled() throws Exception {
        create(ONE_TASK, 1, "single");
        create(SEVERAL_TASKS, SHARDS, "batch");
        awaitProgress(1);
        // Connect stores states on its own, perhaps after the first offsets.
        await("all tasks")
                .atMost(PATIENCE)
                .until(() -> worker.rest().runningTasks(ONE_TASK) == 1
                        && worker.rest().runningTasks(SEVERAL_TASKS) == SHARDS);
        try (TaggedLoad load = new TaggedLoad(source, PARTITIONS)) {
            for (int kill = 0; kill < KILLS; kill++) {
                awaitProgress(PROGRESS);
                worker.killAndLaunch();
            }
            awaitProgress(PROGRESS);
            load.end();
            for (String topic : CONNECTORS) {
                Set<String> ended = new HashSet<>();
                try (CommittedChanges committed =
                        new CommittedChanges(kafka.bootstrapServers(), topic, PARTITIONS.count())) {
                    List<Read> all = committed.until(change -> isEnd(change)
                            && ended.add(tag(change))
                            && ended.size() == load.written().size());
                    assertExactlyOnce(all, load.written());
                }
            }
        }
    }

    private static void assertExactlyOnce(List<Read> all, Map<String, Integer> written) {
        Map<String, UnitSequence> sequences = new HashMap<>();
        for (Read read : all) {
            assertThat(read.change().origin().generation()).isEqualTo(1);
            if (read.change() instanceof CommandChange change && !isEnd(change)) {
                sequences
                        .computeIfAbsent(tag(change), tag -> new UnitSequence(hasOneShard(read.partition())))
                        .take(read, change);
            }
        }
        Map<String, Integer> units = new HashMap<>();
        sequences.forEach((tag, sequence) -> {
            assertThat(sequence.first()).isZero();
            units.put(tag, sequence.units());
        });
        assertThat(units).isEqualTo(written);
        assertThat(units.values()).allMatch(count -> count > 100);
        System.out.printf("exactly once: %d changes, units by tag %s%n", all.size(), units);
    }

    /** Whether only one shard writes to a partition, so that no other's record or marker can be in between. */
    private static boolean hasOneShard(int partition) {
        return PARTITIONS.slots(partition).stream()
                        .mapToObj(source::masterOf)
                        .distinct()
                        .count()
                == 1;
    }

    private static boolean isEnd(Change change) {
        return change instanceof CommandChange && text(change.key()).endsWith("}end");
    }

    private static String tag(Change change) {
        String key = text(change.key());
        return key.substring(1, key.indexOf('}'));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
