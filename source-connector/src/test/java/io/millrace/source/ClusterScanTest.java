package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.Address;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.SlotMover;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster is copied by SCAN, whatever its slots and shards do meanwhile; the topic, replayed, gives what the cluster holds. */
class ClusterScanTest {

    private static final int KEYS = 30_000;

    /** Changes after which a shard has come to a few of its slots, as its queue is short, or, all together, to two thirds. */
    private static final long AT_ONCE = 1;

    private static final long MUCH = 20_000;

    /** At least one of three shards has come further than the 5,000 to 6,000 keys after which a place is stored. */
    private static final long NOT_AGAIN = 3_000;

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private LocalCluster cluster;
    private LocalServer copy;
    private ClusterDriver driver;

    @AfterEach
    void close() throws Exception {
        if (driver != null) {
            driver.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (copy != null) {
            copy.close();
        }
    }

    private void start(ServerVersion version, int replicas, int tasks, String... more) throws IOException {
        start(version, replicas, tasks, Long.MAX_VALUE, more);
    }

    /** @param some after so many changes the readers stand still, until they are let go on to the end */
    private void start(ServerVersion version, int replicas, int tasks, long some, String... more) throws IOException {
        assumeThat(version.available()).as(version.unavailableMessage()).isPresent();
        cluster = LocalCluster.of(version)
                .replicas(replicas)
                .config("cluster-node-timeout 2000")
                .config("repl-diskless-sync-delay 0")
                .start();
        copy = LocalServer.start(version);
        fill();
        String[] all = Stream.concat(
                        Stream.of("capture.mode", "scan", "queue.max.changes", "500", "record.grouping", "batch"),
                        Stream.of(more))
                .toArray(String[]::new);
        driver = new ClusterDriver(cluster, tasks, all).holdAfter(some).start();
        if (some < Long.MAX_VALUE) {
            await().atMost(PATIENCE).until(driver::isHeld);
        }
    }

    private void fill() throws IOException {
        Map<LocalServer, RespClient> clients = new HashMap<>();
        Map<LocalServer, Integer> sent = new HashMap<>();
        for (LocalServer master : cluster.masters()) {
            clients.put(master, master.connect());
        }
        for (int i = 0; i < KEYS; i++) {
            byte[] key = ("key:" + i).getBytes(StandardCharsets.UTF_8);
            LocalServer master = cluster.masterOf(HashSlot.of(key));
            RespClient client = clients.get(master);
            switch (i % 10) {
                case 0 -> client.send("RPUSH", key, "a", "b" + i, "c");
                case 1 -> client.send("HSET", key, "f", "v" + i, "g", "w");
                default -> client.send("SET", key, "value of " + i);
            }
            sent.merge(master, 1, Integer::sum);
        }
        for (Map.Entry<LocalServer, RespClient> each : clients.entrySet()) {
            for (int i = 0; i < sent.get(each.getKey()); i++) {
                each.getValue().receive();
            }
            each.getValue().close();
        }
    }

    private static ClusterNodes.Member member(LocalServer node) {
        return ClusterNodes.parse((byte[]) node.command("CLUSTER", "NODES"), new Address(LocalServer.HOST, node.port()))
                .myself();
    }

    private Map<String, String> source() throws IOException {
        Map<String, String> all = new TreeMap<>();
        SlotSet seen = SlotSet.NONE;
        for (LocalServer node : cluster.nodes()) {
            if (node.isRunning() && member(node).isMaster()) {
                seen = seen.union(member(node).slots());
                all.putAll(TopicReplay.keyspace(node, member(node).slots()));
            }
        }
        assertThat(seen).isEqualTo(SlotSet.ALL);
        return all;
    }

    private long entries() {
        return driver.topic().stream()
                .flatMap(List::stream)
                .filter(SnapshotEntry.class::isInstance)
                .count();
    }

    private void untilComplete() {
        driver.release();
        await().atMost(PATIENCE).until(() -> {
            driver.topic(); // throws what a task has failed with
            return driver.all("complete");
        });
        // what the reader has ended with is still on its way through the queue
        await().atMost(PATIENCE)
                .until(() -> driver.statuses().stream().allMatch(s -> s.getQueuedChanges() == 0)
                        && ends().containsAll(begins()));
    }

    private Set<String> begins() {
        return marks(Mark.Meaning.SNAPSHOT_BEGIN);
    }

    private Set<String> ends() {
        return marks(Mark.Meaning.SNAPSHOT_END);
    }

    private Set<String> marks(Mark.Meaning meaning) {
        Set<String> shards = new HashSet<>();
        for (List<Change> partition : driver.topic()) {
            for (Change change : partition) {
                if (change instanceof Mark mark && mark.meaning() == meaning) {
                    shards.add(mark.origin().shard());
                }
            }
        }
        return shards;
    }

    private int generations() {
        return driver.topic().stream()
                .flatMap(List::stream)
                .mapToInt(change -> change.origin().generation())
                .max()
                .orElse(0);
    }

    private void compare() throws Exception {
        Map<String, String> wanted = source();
        assertThat(wanted).hasSizeGreaterThan(KEYS - 100);
        try (TopicReplay replay = new TopicReplay(copy, 4)) {
            replay.take(driver.topic());
            Map<String, String> got = replay.keyspace();
            Map<String, String> different = new TreeMap<>();
            wanted.forEach((key, value) -> {
                if (!value.equals(got.get(key))) {
                    different.put(key, "wanted " + value + " got " + got.get(key));
                }
            });
            got.forEach((key, value) -> {
                if (!wanted.containsKey(key)) {
                    different.put(key, "ghost " + value);
                }
            });
            assertThat(different).as("fenced " + replay.fenced()).isEmpty();
        }
    }

    @Test
    void everyShardIsCopiedOnceAndThenAtRest() throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2);
        untilComplete();
        compare();
        assertThat(entries()).isEqualTo(KEYS);
        assertThat(begins()).hasSize(3);
        driver.commit();
        driver.crash();
        untilComplete();
        assertThat(entries()).as("nothing is read again").isEqualTo(KEYS);
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9_1"})
    void slotsThatMoveKeyByKeyAreScannedWhereTheyAre(ServerVersion version) throws Exception {
        start(version, 0, version == ServerVersion.REDIS_8_0 ? 1 : 3, AT_ONCE);
        SlotMover.reshard(cluster.masters().get(0), cluster.masters().get(1), 500);
        SlotMover.reshard(cluster.masters().get(1), cluster.masters().get(2), 100);
        untilComplete();
        compare();
        assertThat(generations()).isEqualTo(1);
    }

    @Test
    void slotsMoveWhileItScans() throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2);
        for (int round = 0; round < 3; round++) {
            SlotMover.reshard(cluster.masters().get(round), cluster.masters().get((round + 1) % 3), 60);
        }
        untilComplete();
        compare();
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_6", "VALKEY_9_1"})
    void slotsThatMoveAtOnceAreScannedWhereTheyAre(ServerVersion version) throws Exception {
        start(version, 0, 2, AT_ONCE);
        SlotMover.migrate(cluster.masters().get(0), cluster.masters().get(1), 0, 1999);
        SlotMover.migrate(cluster.masters().get(2), cluster.masters().get(0), 14000, 14999);
        untilComplete();
        compare();
        assertThat(generations()).isEqualTo(1);
    }

    @Test
    void goesOnWhereItWasAfterAKill() throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2, MUCH);
        driver.commit();
        long before = entries();
        driver.crash();
        untilComplete();
        compare();
        assertThat(entries()).isBetween((long) KEYS, before + KEYS - NOT_AGAIN);
        assertThat(generations()).isEqualTo(1);
    }

    @Test
    void slotsThatMoveWhileNobodyLooksAreFound() throws Exception {
        start(ServerVersion.REDIS_8_6, 0, 2, MUCH);
        driver.commit();
        driver.stopAll();
        SlotMover.migrate(cluster.masters().get(0), cluster.masters().get(1), 4500, 5460);
        long before = entries();
        driver.release();
        driver.start();
        untilComplete();
        compare();
        assertThat(entries()).isBetween((long) KEYS, before + KEYS - NOT_AGAIN);
        assertThat(generations()).isEqualTo(1);
    }

    @Test
    void aMasterThatFailsOverIsScannedAnew() throws Exception {
        start(ServerVersion.REDIS_8_0, 1, 1, AT_ONCE);
        LocalServer heir = cluster.replicas().get(0);
        cluster.masters().get(0).kill9();
        await().atMost(PATIENCE).until(() -> member(heir).isMaster());
        untilComplete();
        compare();
        // A shard whose scan had not begun has nothing to begin anew.
        assertThat(generations()).isLessThanOrEqualTo(2);
    }

    @Test
    void aShardThatIsDrainedAndLeavesIsCopiedAllTheSame() throws Exception {
        start(ServerVersion.REDIS_8_6, 0, 1, AT_ONCE);
        LocalServer leaving = cluster.masters().get(0);
        SlotMover.migrate(leaving, cluster.masters().get(1), 0, 5460);
        await().atMost(PATIENCE).until(() -> member(leaving).slots().isEmpty());
        cluster.leave(leaving);
        untilComplete();
        compare();
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9_1"})
    void replicasAreReadFrom(ServerVersion version) throws Exception {
        start(version, 1, 2, AT_ONCE, "read.from", "replica");
        SlotMover.reshard(cluster.masters().get(0), cluster.masters().get(1), 400);
        untilComplete();
        compare();
        for (LocalServer master : cluster.masters()) {
            assertThat(calls(master, "scan")).as("the masters are left alone").isZero();
        }
    }

    @Test
    void aReplicaThatIsLostIsReplaced() throws Exception {
        start(ServerVersion.REDIS_8_0, 1, 1, AT_ONCE, "read.from", "prefer-replica");
        cluster.replicas().get(1).kill9();
        untilComplete();
        compare();
        assertThat(generations()).isLessThanOrEqualTo(2);
    }

    private static long calls(LocalServer server, String command) {
        String info = new String((byte[]) server.command("INFO", "commandstats"), StandardCharsets.US_ASCII);
        return info.lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))))
                .sum();
    }
}
