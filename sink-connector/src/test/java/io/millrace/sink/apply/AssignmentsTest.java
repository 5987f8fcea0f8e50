package io.millrace.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.sink.Feed;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@link Assignments} to its word on a real server. */
class AssignmentsTest {

    private static final long FAR = 4_000_000_000_000L;
    private static final List<String> KEYS = List.of("{t}0", "{t}1", "{t}2");
    private static LocalServer server;

    @BeforeAll
    static void start() {
        server = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Any stretch, applied again from anywhere over what it has left so far, and on to its end. */
    @Test
    void aStretchOfAssignmentsEndsTheSameOverWhateverItHasBeenThrough() throws IOException {
        Random random = new Random(5);
        try (RespClient client = server.connect()) {
            byte[] payload = dump(client);
            for (int round = 0; round < 150; round++) {
                client.call("FLUSHALL");
                for (int i = random.nextInt(4); i > 0; i--) {
                    before(client, random);
                }
                List<Change> changes = new ArrayList<>();
                Feed feed = new Feed(1);
                for (int i = 1 + random.nextInt(12); i > 0; i--) {
                    changes.addAll(assignment(feed, random, payload));
                }
                List<Unit> stretch = Planned.units(0, changes);
                assertThat(stretch).allMatch(Assignments::isAssignment);
                apply(client, stretch);
                List<List<Object>> expected = state(client);
                int applied = random.nextInt(stretch.size() + 1);
                apply(client, stretch.subList(random.nextInt(applied + 1), applied));
                apply(client, stretch.subList(random.nextInt(applied + 1), stretch.size()));
                assertThat(state(client)).as("%s", changes).isEqualTo(expected);
            }
        }
    }

    private static List<? extends Change> assignment(Feed feed, Random random, byte[] payload) {
        String key = KEYS.get(random.nextInt(3));
        String other = KEYS.get(random.nextInt(3));
        return switch (random.nextInt(10)) {
            case 0 -> List.of(feed.command("SET", key, random.nextInt()));
            case 1 -> List.of(feed.command("SET", key, "v", "PXAT", FAR + random.nextInt(9)));
            case 2 -> List.of(feed.command("DEL", key, other));
            case 3 -> List.of(feed.command("MSET", key, "1", other, "2"));
            case 4 -> List.of(feed.command("RESTORE", key, "0", payload, "REPLACE"));
            case 5 -> List.of(feed.command("RESTORE", key, FAR, payload, "REPLACE", "ABSTTL"));
            case 6 -> feed.transaction(new Object[] {"SET", key, "a"}, new Object[] {"UNLINK", other});
            case 7 -> List.of(feed.dump(key, payload, 9, random.nextBoolean() ? FAR : -1));
            case 8 ->
                List.of(feed.typed(
                        key, new Value.ListValue(List.of(Feed.bytes("x"), Feed.bytes(random.nextInt()))), FAR));
            default -> List.of(feed.command("SETEX", key, "1000000000", "v"));
        };
    }

    private static void before(RespClient client, Random random) throws IOException {
        String key = KEYS.get(random.nextInt(3));
        client.call("DEL", key);
        switch (random.nextInt(3)) {
            case 0 -> client.call("RPUSH", key, "a", "b");
            case 1 -> client.call("HSET", key, "f", "v");
            default -> client.call("SET", key, "old", "PX", "100000000");
        }
    }

    private static byte[] dump(RespClient client) throws IOException {
        client.call("RPUSH", "made", "1", "2", "3");
        return (byte[]) client.call("DUMP", "made");
    }

    private static void apply(RespClient client, List<Unit> units) throws IOException {
        for (Unit unit : units) {
            for (PlannedCommand command : unit.commands()) {
                List<Object> words = new ArrayList<>(List.of(command.name().text()));
                words.addAll(Arrays.asList(command.args()));
                client.call(words.toArray());
            }
        }
    }

    private static List<List<Object>> state(RespClient client) throws IOException {
        List<List<Object>> state = new ArrayList<>();
        for (String key : KEYS) {
            byte[] value = (byte[]) client.call("DUMP", key);
            state.add(List.of(value == null ? "" : Arrays.toString(value), client.call("PEXPIRETIME", key), key));
        }
        return state;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET k v NX",
                "SET k v XX",
                "SET k v KEEPTTL",
                "SET k v GET",
                "SET k v PXAT 1 NX",
                "SETNX k v",
                "GETSET k v",
                "APPEND k v",
                "INCR k",
                "HSET k f v",
                "SADD k m",
                "RPUSH k v",
                "RENAME {t}a {t}b",
                "COPY {t}a {t}b REPLACE",
                "PEXPIREAT k 4000000000000",
                "PERSIST k",
                "LMOVE {t}a {t}b LEFT LEFT",
                "EVAL return 1 k",
                "NOSUCH k"
            })
    void whatDependsOnTheOldValueIsNone(String line) {
        List<Unit> units = Planned.units(0, List.of(new Feed(1).command((Object[]) line.split(" "))));
        assertThat(units).hasSize(1).noneMatch(Assignments::isAssignment);
    }

    @Test
    void aTransactionWithOneOtherCommandIsNone() {
        List<Unit> units = Planned.units(
                0, new Feed(1).transaction(new Object[] {"SET", "{t}a", "1"}, new Object[] {"INCR", "{t}b"}));
        assertThat(units).hasSize(1).noneMatch(Assignments::isAssignment);
    }

    @Test
    void aPartOfAValueIsNone() {
        Value.ListValue value = new Value.ListValue(List.of(Feed.bytes("x")));
        Feed feed = new Feed(1);
        List<Unit> units = Planned.units(
                0,
                List.of(feed.part("k", value, -1, new Part(0, false)), feed.part("k", value, -1, new Part(1, true))));
        assertThat(units).hasSize(2).noneMatch(Assignments::isAssignment);
    }
}
