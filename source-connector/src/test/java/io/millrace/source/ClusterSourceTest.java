package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.client.ClusterNodes;
import io.millrace.endpoint.Address;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.SlotMover;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster is captured under writes that count, whatever its shards do; the topic, replayed, gives what the cluster holds. */
class ClusterSourceTest {

    private LocalCluster cluster;
    private LocalServer copy;
    private ClusterDriver driver;
    private ClusterLoad load;

    @AfterEach
    void close() throws Exception {
        if (load != null) {
            load.close();
        }
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

    private void start(ServerVersion version, int replicas, int tasks, String... config) {
        assumeThat(version.available()).as(version.unavailableMessage()).isPresent();
        LocalCluster.Options options = LocalCluster.of(version)
                .replicas(replicas)
                .config("cluster-node-timeout 2000")
                .config("repl-diskless-sync-delay 0")
                .config("repl-backlog-size 64mb");
        for (String line : config) {
            options.config(line);
        }
        cluster = options.start();
        copy = LocalServer.start(version);
        load = new ClusterLoad(cluster.masters().get(0)).start();
        await().until(() -> load.written() > 2000);
        driver = new ClusterDriver(cluster, tasks).start();
        await().atMost(Duration.ofSeconds(60)).until(() -> driver.all("stream"));
    }

    private void more(int changes) {
        long until = load.written() + changes;
        await().atMost(Duration.ofSeconds(120)).until(() -> load.written() > until);
    }

    private Map<String, String> source() throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (LocalServer node : cluster.nodes()) {
            if (node.isRunning()) {
                ClusterNodes.Member myself = ClusterNodes.parse(
                                (byte[]) node.command("CLUSTER", "NODES"), new Address(LocalServer.HOST, node.port()))
                        .myself();
                if (myself.isMaster()) {
                    all.putAll(TopicReplay.keyspace(node, myself.slots()));
                }
            }
        }
        return all;
    }

    /** Ends the load and compares. */
    private void compare() throws Exception {
        load.end();
        Map<String, String> wanted = source();
        assertThat(wanted).hasSizeGreaterThan(1000);
        try (TopicReplay replay = new TopicReplay(copy, 4)) {
            // longer than shards of different tasks wait for each other before one of them is copied anew
            long deadline = System.nanoTime() + Duration.ofSeconds(240).toNanos();
            do {
                replay.take(driver.topic());
                if (replay.keyspace().equals(wanted)) {
                    break;
                }
                Thread.sleep(200);
            } while (System.nanoTime() < deadline);
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

    private static boolean isMaster(LocalServer server) {
        return new String((byte[]) server.command("INFO", "replication"), StandardCharsets.US_ASCII)
                .contains("role:master");
    }

    private static long offset(LocalServer server, String field) {
        String info = new String((byte[]) server.command("INFO", "replication"), StandardCharsets.US_ASCII);
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Integer> generations() {
        return driver.topic().stream()
                .flatMap(List::stream)
                .map(Change::origin)
                .collect(Collectors.toMap(
                        origin -> origin.shard(), origin -> origin.generation(), Math::max, TreeMap::new));
    }

    @Test
    void threeShardsAreOneTopic() throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2);
        more(3000);
        compare();
        assertThat(generations().values()).containsOnly(1).hasSize(3);
    }

    @Test
    void aFailoverIsFollowedWithoutAnotherCopy() throws Exception {
        start(ServerVersion.REDIS_8_0, 1, 1);
        LocalServer replica = cluster.replicas().get(1);
        LocalCluster.promote(replica);
        more(2000);
        // what a master has not sent to its replica when it dies is lost at the source, and asks for a copy
        load.pause();
        LocalServer heir = cluster.replicas().get(2);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> offset(heir, "master_repl_offset")
                        >= offset(cluster.masters().get(2), "master_repl_offset"));
        cluster.masters().get(2).kill9();
        load.resume();
        await().atMost(Duration.ofSeconds(60)).until(() -> isMaster(heir));
        more(2000);
        compare();
        assertThat(generations().values()).containsOnly(1).hasSize(3);
    }

    @Test
    void everyMasterIsReplacedWhileTheConnectorIsDown() throws Exception {
        start(ServerVersion.REDIS_8_0, 1, 2);
        more(1000);
        Set<String> shards = generations().keySet();
        driver.stop();
        for (int i = 0; i < 3; i++) {
            LocalServer former = cluster.masters().get(i);
            LocalServer heir = cluster.replicas().get(i);
            LocalCluster.promote(heir);
            await().atMost(Duration.ofSeconds(60)).until(() -> !isMaster(former));
            more(300);
            cluster.leave(former);
        }
        driver.seed(cluster.replicas().get(0));
        driver.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> driver.all("stream"));
        more(500);
        compare();
        assertThat(generations().values()).containsOnly(1);
        assertThat(generations().keySet()).isEqualTo(shards);
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9_1"})
    void slotsMoveKeyByKey(ServerVersion version) throws Exception {
        start(version, 0, version == ServerVersion.REDIS_8_0 ? 1 : 2);
        LocalServer from = cluster.masters().get(0);
        LocalServer to = cluster.masters().get(1);
        SlotMover.reshard(from, to, 300);
        more(1000);
        SlotMover.reshard(to, from, 100);
        more(1000);
        compare();
        assertThat(generations().values()).containsOnly(1);
    }

    /** A wait of shards for each other may end with copies: what counts is that nothing is lost. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_9_1"})
    void slotsMoveInBothDirectionsAtOnce(ServerVersion version) throws Exception {
        start(version, 0, 1);
        SlotMover.exchange(cluster.masters().get(0), cluster.masters().get(1), 30, cluster.masters());
        more(1000);
        compare();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aShardGivesAllItsSlotsAwayAndIsRemoved(boolean stays) throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2, "cluster-allow-replica-migration " + (stays ? "no" : "yes"));
        LocalServer leaver = cluster.masters().get(2);
        String shard = SlotMover.id(leaver);
        SlotMover.reshard(leaver, cluster.masters().get(1), 5462);
        if (stays) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> driver.statuses().stream()
                            .anyMatch(status -> status.getSlots().isEmpty()));
        }
        more(500);
        cluster.remove(leaver);
        leaver.command("CLUSTER", "RESET", "SOFT");
        await().atMost(Duration.ofSeconds(90)).until(() -> driver.has("removed"));
        await().atMost(Duration.ofSeconds(90)).until(() -> driver.replans() > 0);
        driver.replanned();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> driver.all("stream") && driver.statuses().size() == 2);
        more(500);
        driver.stop();
        more(300);
        driver.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> driver.all("stream") && driver.statuses().size() == 2);
        more(500);
        compare();
        if (stays) {
            assertThat(generations().values()).containsOnly(1).hasSize(3);
        }
        assertThat(generations()).containsEntry(shard, 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_6", "VALKEY_9_1"})
    // Moves that follow each other faster than the cluster is looked at may cost copies: what counts is that nothing is
    // lost.
    void slotsMoveAtOnce(ServerVersion version) throws Exception {
        start(version, 0, version == ServerVersion.REDIS_8_6 ? 1 : 2);
        LocalServer one = cluster.masters().get(0);
        LocalServer other = cluster.masters().get(1);
        SlotMover.migrate(one, other, 0, 1999);
        more(1000);
        SlotMover.migrate(other, one, 0, 999);
        SlotMover.migrate(other, one, 6000, 6999);
        more(1000);
        compare();
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "REDIS_8_6", "VALKEY_9_1"})
    void whatHasNoKeyConcernsItsShardAlone(ServerVersion version) throws Exception {
        start(version, 0, 1);
        LocalServer one = cluster.masters().get(1);
        more(500);
        one.command("FLUSHALL");
        more(500);
        String key = keyIn(5461, 8191);
        transaction(one, List.of("SET", key, "1"), List.of("FLUSHALL"), List.of("APPEND", key, "2"));
        more(500);
        transaction(one, List.of("FLUSHDB"), List.of("RPUSH", key + "list", "1"), List.of("RPUSH", key + "list", "2"));
        more(500);
        String library = "#!lua name=%s\nredis.register_function('%s', function() return 1 end)";
        transaction(
                one,
                List.of("FUNCTION", "LOAD", library.formatted("a", "fa")),
                List.of("INCR", key + "count"),
                List.of("PUBLISH", "channel", "message"),
                List.of("FUNCTION", "LOAD", library.formatted("b", "fb")),
                List.of("INCR", key + "count"));
        // A script may write to any slots of its node: here to two that are in two partitions.
        one.command(
                "EVAL",
                "redis.call('SET', ARGV[1], '1') redis.call('APPEND', ARGV[2], '2')",
                0,
                key,
                keyIn(8192, 10922));
        one.command("PUBLISH", "channel", "message");
        one.command("SPUBLISH", key, "message");
        more(500);
        compare();
        assertThat(generations().values()).containsOnly(1).hasSize(3);
        assertThat(driver.topic())
                .allSatisfy(partition -> assertThat(partition)
                        .filteredOn(CommandChange.class::isInstance)
                        .extracting(change -> ((CommandChange) change).command().name())
                        .doesNotContain("PUBLISH", "SPUBLISH"));
    }

    private static String keyIn(int first, int last) {
        for (int i = 0; ; i++) {
            int slot = HashSlot.of(("k" + i).getBytes(StandardCharsets.UTF_8));
            if (slot >= first && slot <= last) {
                return "{k" + i + "}";
            }
        }
    }

    @SafeVarargs
    private static void transaction(LocalServer server, List<String>... commands) throws IOException {
        try (RespClient client = server.connect()) {
            client.call("MULTI");
            for (List<String> command : commands) {
                client.call(command.toArray());
            }
            assertThat((List<?>) client.call("EXEC"))
                    .hasSize(commands.length)
                    .noneMatch(RespClient.ErrorReply.class::isInstance);
        }
    }

    @Test
    void tasksAreKilledInTheMiddleOfAMove() throws Exception {
        start(ServerVersion.REDIS_8_0, 0, 2);
        FutureTask<Void> moves = new FutureTask<>(() -> {
            SlotMover.reshard(cluster.masters().get(0), cluster.masters().get(1), 200);
            return null;
        });
        Thread mover = new Thread(moves, "mover");
        mover.start();
        for (int i = 0; i < 2; i++) {
            driver.commit();
            more(600);
            driver.crash();
        }
        moves.get();
        more(500);
        compare();
    }
}
