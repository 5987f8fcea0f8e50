package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterSinkTest {

    private static LocalCluster cluster;
    private final Feed feed = new Feed(1);
    private SinkDriver sink;

    @BeforeAll
    static void startCluster() {
        cluster = LocalCluster.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void empty() {
        for (LocalServer master : cluster.masters()) {
            master.command("FLUSHALL");
            master.command("FUNCTION", "FLUSH");
        }
    }

    @AfterEach
    void close() {
        sink.close();
    }

    private void start(String... more) {
        sink = new SinkDriver(SinkDriver.to(cluster, more), false);
    }

    /** Asks the node that has the slot now. */
    private static Object ask(String command, String key, Object... more) {
        for (LocalServer master : cluster.masters()) {
            List<Object> words = new ArrayList<>(List.of(command, key));
            words.addAll(List.of(more));
            try (RespClient client = master.connect()) {
                client.send(words.toArray());
                Object reply = client.receive();
                if (!(reply instanceof RespClient.ErrorReply)) {
                    return reply;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("no node answers for " + key);
    }

    private static String get(String key) {
        byte[] value = (byte[]) ask("GET", key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static List<String> list(String key) {
        return ((List<?>) ask("LRANGE", key, 0, -1))
                .stream()
                        .map(v -> new String((byte[]) v, StandardCharsets.UTF_8))
                        .toList();
    }

    private static long size() {
        return cluster.masters().stream()
                .mapToLong(m -> (Long) m.command("DBSIZE"))
                .sum();
    }

    @Test
    void commandsGoToTheirNodesInOrderForEachKey() {
        start();
        List<Change> changes = new ArrayList<>();
        Map<String, List<String>> expected = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "l" + i % 997;
            changes.add(feed.command("RPUSH", key, i));
            expected.computeIfAbsent(key, k -> new ArrayList<>()).add(Integer.toString(i));
        }
        sink.send(changes.subList(0, 3000), 1);
        sink.send(changes.subList(3000, changes.size()), 64);
        sink.awaitApplied();
        expected.forEach((key, values) -> assertThat(list(key)).as(key).isEqualTo(values));
    }

    @Test
    void commandsWithSeveralKeysAreDividedWhereThatIsExact() {
        start();
        List<Object> mset = new ArrayList<>(List.of("MSET"));
        List<Object> del = new ArrayList<>(List.of("DEL"));
        for (int i = 0; i < 100; i++) {
            mset.addAll(List.of("k" + i, i));
            if (i % 2 == 0) {
                del.add("k" + i);
            }
        }
        mset.addAll(List.of("k0", "last"));
        sink.send(
                feed.command(mset.toArray()),
                feed.command("SET", "k1", "changed"),
                feed.command(del.toArray()),
                feed.command("UNLINK", "k1", "k3", "{t}a", "{t}b"),
                feed.command("MSETNX", "n1", "1", "n2", "2"));
        sink.awaitApplied();
        assertThat(size()).isEqualTo(50);
        assertThat(get("k5")).isEqualTo("5");
        assertThat(get("n2")).isEqualTo("2");
    }

    @Test
    void aCommandThatCannotBeDividedIsRefusedByName() {
        start();
        sink.send(
                feed.command("SET", "before", "1"),
                feed.command("RENAME", "a", "b"),
                feed.command("SET", "after", "1"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("RENAME of key \"a\"")
                .hasMessageContaining("changes-0@1")
                .hasMessageContaining("different slots");
        assertThat(get("before")).isEqualTo("1");
        assertThat(get("after")).isNull();
    }

    @Test
    void anotherDatabaseIsRefusedUnlessItIsMapped() {
        start();
        sink.send(feed.db(3).command("SET", "k", "1"));
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("database.map=3:0");
        sink.close();
        start("database.map", "3:0");
        sink.send(feed.db(3).command("SET", "k", "1"));
        sink.awaitApplied();
        assertThat(get("k")).isEqualTo("1");
    }

    @Test
    void aTransactionInOneSlotIsOneAndOthersFollowThePolicy() {
        start();
        sink.send(
                feed.transaction(new Object[] {"SET", "{t}a", "1"}, new Object[] {"RPUSH", "{t}l", "1"}, new Object[] {
                    "RENAME", "{t}a", "{t}b"
                }),
                1);
        sink.awaitApplied();
        assertThat(get("{t}b")).isEqualTo("1");
        List<Change> across = feed.transaction(
                new Object[] {"SET", "x", "1"},
                new Object[] {"INCR", "y"},
                new Object[] {"APPEND", "x", "2"},
                new Object[] {"MSET", "x2", "3", "y2", "4"});
        sink.send(across, 1);
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("MULTI of key \"x\"")
                .hasMessageContaining("cross.slot=split");
        assertThat(get("x")).isNull();
        sink.close();
        start("cross.slot", "split");
        sink.send(across, 1);
        sink.awaitApplied();
        assertThat(get("x")).isEqualTo("12");
        assertThat(get("y")).isEqualTo("1");
        assertThat(get("y2")).isEqualTo("4");
    }

    @Test
    void commandsForAllNodesAreBarriers() {
        start();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            changes.add(feed.command("SET", "gone" + i, i));
        }
        changes.add(feed.command("FLUSHALL"));
        changes.add(feed.command(
                "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)"));
        changes.add(feed.function("#!lua name=lib2\nredis.register_function('g', function() return 1 end)"));
        for (int i = 0; i < 100; i++) {
            changes.add(feed.command("SET", "there" + i, i));
        }
        sink.send(changes, 20);
        sink.awaitApplied();
        assertThat(size()).isEqualTo(100);
        for (LocalServer master : cluster.masters()) {
            assertThat((List<?>) master.command("FUNCTION", "LIST")).hasSize(2);
        }
    }

    @Test
    void valuesInPartsAreSwappedInTheirSlot() {
        start();
        List<Change> parts = new ArrayList<>();
        List<String> keys = List.of("plain", "{tag}key", "a}b{c}", "{}x", "{", "");
        for (String key : keys) {
            for (int i = 0; i < 3; i++) {
                parts.add(feed.part(
                        key,
                        new Value.ListValue(List.of(Feed.bytes("a" + i), Feed.bytes("b" + i))),
                        -1,
                        new Part(i, i == 2)));
            }
        }
        sink.send(parts, 2);
        sink.awaitApplied();
        assertThat(size()).isEqualTo(keys.size());
        for (String key : keys) {
            assertThat(list(key)).as(key).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
        }
    }

    @Test
    void aRefusedCommandIsNamedAmongThousands() {
        sink = new SinkDriver(SinkDriver.to(cluster), true);
        ask("SET", "wrong", "type");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            changes.add(i == 2345 ? feed.command("LPUSH", "wrong", "1") : feed.command("INCR", "n" + i % 300));
        }
        changes.addAll(feed.transaction(
                new Object[] {"INCR", "{n}1"}, new Object[] {"NOSUCH", "{n}1"}, new Object[] {"INCR", "{n}1"}));
        sink.send(changes, 10);
        sink.awaitApplied();
        assertThat(sink.reports())
                .extracting(r -> r.error().getMessage())
                .satisfiesExactlyInAnyOrder(
                        m -> assertThat(m).contains("LPUSH of key \"wrong\"", "changes-0@234", "WRONGTYPE"),
                        m -> assertThat(m).contains("NOSUCH of key \"{n}1\"", "changes-0@500"));
        assertThat(get("n0")).isEqualTo("17");
        assertThat(get("{n}1")).isEqualTo("2");
    }

    /** What RPUSH and LMOVE leave; every slot has keys that commands tie together. */
    private static final class Model {
        private final Map<String, Deque<String>> lists = new TreeMap<>();

        void rpush(String key, String value) {
            lists.computeIfAbsent(key, k -> new ArrayDeque<>()).add(value);
        }

        boolean move(String from, String to) {
            Deque<String> source = lists.get(from);
            if (source == null || source.isEmpty()) {
                return false;
            }
            rpush(to, source.removeFirst());
            return true;
        }
    }

    @Test
    void slotsMayMoveWhileItWritesAndEveryListIsExact() throws Exception {
        start("batch.max.commands", "300");
        int tags = 12;
        Random random = new Random(7);
        Model model = new Model();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            int tag = random.nextInt(tags);
            String a = "{t" + tag + "}" + random.nextInt(30);
            String b = "{t" + tag + "}" + random.nextInt(30);
            if (random.nextInt(4) == 0 && model.move(a, b)) {
                changes.add(feed.command("LMOVE", a, b, "LEFT", "RIGHT"));
            } else {
                model.rpush(a, Integer.toString(i));
                changes.add(feed.command("RPUSH", a, i));
            }
        }
        cluster.masters().forEach(master -> master.command("CONFIG", "RESETSTAT"));
        Thread mover = new Thread(() -> {
            for (int round = 0; round < 3; round++) {
                for (int tag = 0; tag < tags; tag++) {
                    move(HashSlot.of(Feed.bytes("{t" + tag + "}")));
                }
            }
        });
        mover.start();
        try {
            for (int from = 0; from < changes.size(); from += 2000) {
                sink.send(changes.subList(from, from + 2000), 20);
                sink.commit();
            }
            sink.awaitApplied();
        } finally {
            mover.join();
        }
        assertThat(errors("MOVED")).isPositive();
        assertThat(errors("ASK")).isPositive();
        assertThat(errors("TRYAGAIN")).isPositive();
        model.lists.forEach((key, values) -> assertThat(list(key)).as(key).isEqualTo(new ArrayList<>(values)));
    }

    /** How often the nodes have answered with this error. */
    private static long errors(String code) {
        long sum = 0;
        for (LocalServer master : cluster.masters()) {
            String info = new String((byte[]) master.command("INFO", "errorstats"), StandardCharsets.UTF_8);
            for (String line : info.split("\r\n")) {
                String prefix = "errorstat_" + code + ":count=";
                if (line.startsWith(prefix)) {
                    sum += Long.parseLong(line.substring(prefix.length()));
                }
            }
        }
        return sum;
    }

    /** Moves a slot to the next master, a few keys at a time, as redis-cli --cluster reshard does. */
    private static void move(int slot) {
        try {
            List<LocalServer> masters = cluster.masters();
            int owner = 0;
            while (!owns(masters.get(owner), slot)) {
                owner++;
            }
            LocalServer from = masters.get(owner);
            LocalServer to = masters.get((owner + 1) % masters.size());
            String fromId = id(from);
            String toId = id(to);
            to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
            from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
            while (true) {
                List<?> keys = (List<?>) from.command("CLUSTER", "GETKEYSINSLOT", slot, 3);
                if (keys.isEmpty()) {
                    break;
                }
                List<Object> migrate = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", to.port(), "", 0, 5000, "KEYS"));
                migrate.addAll(keys);
                from.command(migrate.toArray());
            }
            to.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
            from.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
            for (LocalServer master : masters) {
                if (master != from && master != to) {
                    master.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
                }
            }
        } catch (RuntimeException e) {
            throw new AssertionError("moving slot " + slot, e);
        }
    }

    private static String id(LocalServer node) {
        return new String((byte[]) node.command("CLUSTER", "MYID"), StandardCharsets.UTF_8);
    }

    private static boolean owns(LocalServer node, int slot) {
        for (Object range : (List<?>) node.command("CLUSTER", "SLOTS")) {
            List<?> parts = (List<?>) range;
            long port = (Long) ((List<?>) parts.get(2)).get(1);
            if (port == node.port() && (Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aNodeWithoutMemoryDelaysItsKeysAndLosesNothing() {
        start();
        LocalServer full = cluster.masters().get(1);
        full.command("CONFIG", "SET", "maxmemory", "1");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            changes.add(feed.command("RPUSH", "l" + i % 100, i));
        }
        sink.send(changes, 30);
        SinkStatusMXBean status = StandaloneSinkTest.status();
        org.awaitility.Awaitility.await().until(() -> status.getState().equals("waiting for memory"));
        full.command("CONFIG", "SET", "maxmemory", "0");
        sink.awaitApplied();
        for (int l = 0; l < 100; l++) {
            List<String> expected = new ArrayList<>();
            for (int i = l; i < 3000; i += 100) {
                expected.add(Integer.toString(i));
            }
            assertThat(list("l" + l)).isEqualTo(expected);
        }
    }
}
