package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command whose keys may be in several slots leaves in a cluster what it leaves on one server. */
class CrossSlotCommandsTest extends ClusterDestination {

    private static final long LATER = System.currentTimeMillis() / 1000 * 1000 + 7_654_321;

    private static LocalServer model;
    private final Feed recent = new Feed(1, System.currentTimeMillis());

    @BeforeAll
    static void startModel() {
        model = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopModel() {
        model.close();
    }

    /** What stands before it, in blanks; then the command. */
    static Stream<String> commands() {
        return Stream.of(
                "RENAME text moved",
                "RENAME expiring moved",
                "RENAME text list",
                "RENAMENX hash moved",
                "COPY expiring copied",
                "COPY stream text REPLACE",
                "SMOVE set1 set2 a",
                "SMOVE single set2 only",
                "LMOVE list other LEFT RIGHT",
                "LMOVE list list2 RIGHT LEFT",
                "RPOPLPUSH list list2",
                "BRPOPLPUSH list list2 0",
                "BLMOVE list list2 LEFT LEFT 0",
                "SUNIONSTORE into set1 set2 none",
                "SUNIONSTORE set1 set1 set2",
                "SUNIONSTORE expiring set1 set2",
                "SINTERSTORE into set1 set2",
                "SINTERSTORE text set1 none",
                "SDIFFSTORE into set1 set2",
                "ZUNIONSTORE into 2 zset1 zset2 WEIGHTS 2 3 AGGREGATE MAX",
                "ZINTERSTORE into 3 zset1 zset2 set1",
                "ZDIFFSTORE into 2 zset1 zset2",
                "ZRANGESTORE into zset1 0 1",
                "BITOP AND into text expiring",
                "BITOP NOT text expiring",
                "PFMERGE hll1 hll2 hll3",
                "PFMERGE into hll2 hll3",
                "GEOSEARCHSTORE into geo FROMLONLAT 15 37 BYRADIUS 300 km",
                "GEORADIUS geo 15 37 300 km STORE into",
                "GEORADIUSBYMEMBER geo Palermo 300 km STOREDIST into",
                "SORT list ALPHA DESC STORE into",
                "SORT list LIMIT 0 1 STORE list2",
                "MSETNX n1 1 n2 2 n3 3",
                "MSET text 1 list 2",
                "DEL text list set1 none",
                "UNLINK zset1 hash",
                "BLPOP list list2 0",
                "LMPOP 2 none list LEFT",
                "ZMPOP 2 none zset1 MIN");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void leavesWhatOneServerHas(String command) throws IOException {
        start("cross.slot", "copy");
        model.command("FLUSHALL");
        execute("SET text abc");
        execute("SET expiring xyz PXAT " + LATER);
        execute("RPUSH list 3 1 2");
        execute("RPUSH list2 one");
        execute("PEXPIREAT list2 " + (LATER + 1));
        execute("HSET hash f v");
        execute("SADD set1 a b c");
        execute("SADD set2 b c d");
        execute("SADD single only");
        execute("ZADD zset1 1 a 2.5 b -inf c");
        execute("ZADD zset2 10 b 20 d");
        execute("PFADD hll1 a b");
        execute("PFADD hll2 b c");
        execute("PFADD hll3 d");
        execute("GEOADD geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania");
        execute("XADD stream 1-1 f v");
        execute("XGROUP CREATE stream g 0");
        execute(command);
        execute("APPEND last after");
        sink.awaitApplied();
        assertThat(found()).isEqualTo(expected());
        assertThat(SinkDriver.status().getCrossSlotRefused()).isZero();
    }

    /** The second is the same by key, with the pieces of a transaction in order around it. */
    @ParameterizedTest
    @ValueSource(strings = {"effectively-once", "at-least-once"})
    void transactionsAreAppliedInOrderAroundIt(String delivery) throws IOException {
        start("cross.slot", "copy", "delivery.semantics", delivery);
        model.command("FLUSHALL");
        transaction(
                "RPUSH a 1 2 3", "LMOVE a b LEFT RIGHT", "RPUSH b 4", "RENAME b c", "INCR n", "LMOVE c a LEFT LEFT");
        execute("COPY a d");
        execute("RPUSH a 5");
        sink.awaitApplied();
        assertThat(found()).isEqualTo(expected());
        SinkStatusMXBean status = SinkDriver.status();
        assertThat(status.getCrossSlotSplit()).isEqualTo(1);
        assertThat(status.getCrossSlotCopied()).isEqualTo(4);
    }

    @Test
    void scriptsAreExecutedOnCopies() throws IOException {
        start("cross.slot", "copy");
        model.command("FLUSHALL");
        execute("SADD s a b c");
        String script = "redis.call('INCRBY', KEYS[1], ARGV[1]) redis.call('RPUSH', KEYS[2], ARGV[1])"
                + " redis.call('SMOVE', KEYS[3], KEYS[4], 'b') redis.call('PEXPIRE', KEYS[1], 5000000) return 1";
        send("EVAL", script, "4", "n", "l", "s", "t", "7");
        send("EVAL", script, "4", "n", "l", "t", "s", "8");
        sink.awaitApplied();
        assertThat(get("n")).isEqualTo("15");
        assertThat(list("l")).containsExactly("7", "8");
        assertThat((Long) ask("SCARD", "s")).isEqualTo(3);
        assertThat((Long) ask("PTTL", "n")).isBetween(4_000_000L, 5_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return redis.call('SADD', KEYS[1], KEYS[2])",
                "return redis.call('INCR', KEYS[1] .. ':count')",
                "if string.find(KEYS[1], 'user$') then redis.call('SET', KEYS[2], 1) end return 1"
            })
    void aScriptThatUsesTheNamesOfItsKeysIsRefused(String script) {
        sink = new SinkDriver(SinkDriver.to(cluster, "cross.slot", "copy"), true);
        sink.send(
                recent.command("SET", "before", "1"),
                recent.command("EVAL", script, "2", "user", "other"),
                recent.command("SET", "after", "1"));
        sink.awaitApplied();
        assertThat(sink.reports())
                .singleElement()
                .satisfies(report -> assertThat(report.error()).hasMessageContaining("uses other keys than KEYS"));
        assertThat(size()).isEqualTo(2);
        for (LocalServer master : cluster.masters()) {
            assertThat((List<?>) master.command("KEYS", "__millrace:gathered:*"))
                    .isEmpty();
        }
    }

    @Test
    void aCommandThatFailsOnTheCopiesIsReportedAndChangesNothing() throws IOException {
        sink = new SinkDriver(SinkDriver.to(cluster, "cross.slot", "copy"), true);
        model.command("FLUSHALL");
        execute("SET text 1");
        execute("SET into 1");
        sink.send(recent.command("SUNIONSTORE", "into", "text", "other"), recent.command("RENAME", "none", "into"));
        execute("APPEND into 2");
        sink.awaitApplied();
        assertThat(found()).isEqualTo(expected());
        assertThat(sink.reports())
                .extracting(report -> report.error().getMessage())
                .satisfiesExactly(
                        m -> assertThat(m).contains("SUNIONSTORE of key \"into\"", "WRONGTYPE"),
                        m -> assertThat(m).contains("RENAME of key \"none\"", "no such key"));
    }

    @Test
    void splitAndFailSayWhatWouldDo() {
        start("cross.slot", "split");
        sink.send(recent.command("RENAME", "a", "b"));
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("cross.slot=copy");
        assertThat(SinkDriver.status().getCrossSlotRefused()).isEqualTo(1);
    }

    /** Redis before 7.0 does not say when a key expires, only how long it has left. */
    @Test
    void anOldServersExpiriesAreKeptToTheMillisecond() throws IOException {
        try (LocalCluster old = LocalCluster.start(ServerVersion.REDIS_6_2)) {
            sink = new SinkDriver(SinkDriver.to(old, "cross.slot", "copy"), false);
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                changes.add(recent.command("SET", "from" + i, i, "PXAT", LATER + i));
                changes.add(recent.command("RENAME", "from" + i, "to" + i));
            }
            sink.send(changes, 10);
            sink.awaitApplied();
            for (int i = 0; i < 100; i++) {
                assertThat(ask(old, "GET", "from" + i)).isNull();
                LocalServer master = old.masterOf(HashSlot.of(Feed.bytes("to" + i)));
                assertThat(expiry(master, "to" + i)).isEqualTo(LATER + i);
            }
        }
    }

    private static long expiry(LocalServer server, String key) throws IOException {
        try (RespClient client = server.connect()) {
            while (true) {
                long before = millis(client.call("TIME"));
                long left = (Long) client.call("PTTL", key);
                if (millis(client.call("TIME")) == before) {
                    return before + left;
                }
            }
        }
    }

    private static long millis(Object time) {
        List<?> parts = (List<?>) time;
        return Long.parseLong(Keyspaces.text(parts.get(0))) * 1000
                + Long.parseLong(Keyspaces.text(parts.get(1))) / 1000;
    }

    private void execute(String command) {
        send(command.split(" "));
    }

    private void send(String... words) {
        model.command((Object[]) words);
        sink.send(recent.command((Object[]) words));
    }

    private void transaction(String... commands) {
        List<Object[]> words = new ArrayList<>();
        for (String command : commands) {
            model.command((Object[]) command.split(" "));
            words.add(command.split(" "));
        }
        List<Change> changes = recent.transaction(words.toArray(new Object[0][]));
        sink.send(changes, 1);
    }

    private static Map<String, String> expected() throws IOException {
        return Keyspaces.of(List.of(model));
    }

    private static Map<String, String> found() throws IOException {
        return Keyspaces.of(cluster.masters());
    }
}
