package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ClusterSinkTest extends ClusterDestination {

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

    /** Why the planner does not even try: slots of one node are as far apart as those of two. */
    @Test
    void theServerRefusesATransactionOverSlotsOfOneNode() throws IOException {
        start();
        LocalServer node = cluster.masters().get(0);
        try (RespClient client = node.connect()) {
            client.call("MULTI");
            int queued = 0;
            for (int i = 0; queued < 2; i++) {
                if (cluster.masterOf(HashSlot.of(Feed.bytes("k" + i))) == node) {
                    client.call("SET", "k" + i, "1");
                    queued++;
                }
            }
            client.send("EXEC");
            assertThat(client.receive()).asString().contains("CROSSSLOT");
        }
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
        SinkStatusMXBean status = SinkDriver.status();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> status.getState().equals("waiting for memory"));
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
