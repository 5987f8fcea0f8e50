package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import io.millrace.expiry.DeferredExpiry;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StandaloneSinkTest extends StandaloneDestination {

    private static final long LATER = 4_102_444_800_123L;

    @Test
    void commandsAreAppliedInOrderFromSingleAndBatchRecords() throws IOException {
        start();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            changes.add(feed.command("RPUSH", "list" + i % 7, i));
            changes.add(feed.command("SET", "key" + i, i));
            changes.add(feed.command("INCR", "counter"));
        }
        sink.send(changes.subList(0, 5000), 1);
        sink.send(changes.subList(5000, changes.size()), 64);
        sink.awaitApplied();
        assertThat(get("counter")).isEqualTo("5000");
        assertThat(get("key4999")).isEqualTo("4999");
        for (int l = 0; l < 7; l++) {
            List<String> expected = new ArrayList<>();
            for (int i = l; i < 5000; i += 7) {
                expected.add(Integer.toString(i));
            }
            assertThat(list("list" + l)).isEqualTo(expected);
        }
    }

    @Test
    void nothingAtTheEndOfAReplayOrAfterItIsApplied() throws IOException {
        start("replay.until", "changes-0:3");
        for (int i = 0; i < 6; i++) {
            sink.send(feed.command("RPUSH", "l", i));
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sink.commit() == 3);
        assertThat(list("l")).containsExactly("0", "1", "2");
        assertThat(sink.commit()).isEqualTo(3);
    }

    @Test
    void everyDatabaseGetsItsOwnAndTheMapIsFollowed() throws IOException {
        start("database.map", "2:5");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            changes.add(feed.db(i % 3).command("RPUSH", "l", i));
        }
        changes.addAll(feed.transaction(new Object[] {"SET", "t", "a"}, new Object[] {"SET", "u", "b"}));
        changes.add(feed.db(0).command("SET", "moved", "x"));
        changes.add(feed.db(0).command("MOVE", "moved", "2"));
        changes.add(feed.db(1).command("SET", "copied", "y"));
        changes.add(feed.db(1).command("COPY", "copied", "copy", "DB", "2"));
        sink.send(changes, 1);
        sink.awaitApplied();
        for (int db : new int[] {0, 1, 5}) {
            client.call("SELECT", db);
            assertThat(list("l")).hasSize(100);
        }
        assertThat(get("t")).isEqualTo("a");
        assertThat(get("moved")).isEqualTo("x");
        assertThat(get("copy")).isEqualTo("y");
        client.call("SELECT", 2);
        assertThat(size(client)).isEqualTo(0L);
    }

    @Test
    void aTransactionOverDatabasesKeepsThem() throws IOException {
        start();
        List<Change> changes = new ArrayList<>();
        long id = feed.offset() + 1;
        for (int i = 0; i < 4; i++) {
            changes.add(
                    feed.db(i).command(new io.millrace.change.TransactionMark(id, i, i == 3), "SET", "k", "in" + i));
        }
        changes.add(feed.db(0).command("SET", "after", "0"));
        sink.send(changes, 1);
        sink.awaitApplied();
        for (int i = 0; i < 4; i++) {
            client.call("SELECT", i);
            assertThat(get("k")).isEqualTo("in" + i);
            assertThat(get("after")).isEqualTo(i == 0 ? "0" : null);
        }
    }

    @Test
    void aDatabaseThatIsNotThereStopsTheTask() {
        start();
        sink.send(feed.db(99).command("SET", "k", "v"));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("has no database 99")
                .hasMessageContaining("database.map");
    }

    @Test
    void snapshotEntriesOfEveryTypeAreRestored() throws IOException {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                RespClient from = source.connect()) {
            new Populator(from, 1).everyType();
            start();
            List<Change> changes = new ArrayList<>(List.of(feed.mark(Mark.Meaning.SNAPSHOT_BEGIN)));
            int keys = 0;
            for (int db = 0; db < 16; db++) {
                from.call("SELECT", db);
                feed.db(db);
                for (Object key : (List<?>) from.call("KEYS", "*")) {
                    byte[] payload = (byte[]) from.call("DUMP", key);
                    long at = (Long) from.call("PEXPIRETIME", key);
                    changes.add(feed.dump(key, payload, 10, at < 0 ? Expiry.NONE : at));
                    keys++;
                }
            }
            changes.add(feed.mark(Mark.Meaning.SNAPSHOT_END));
            sink.send(changes, 16);
            sink.awaitApplied();
            assertThat(keys).isGreaterThan(500);
            for (int db = 0; db < 16; db++) {
                from.call("SELECT", db);
                client.call("SELECT", db);
                assertThat(size(client)).isEqualTo(from.call("DBSIZE"));
                for (Object key : (List<?>) from.call("KEYS", "*")) {
                    assertThat(content(client, key)).isEqualTo(content(from, key));
                    assertThat(client.call("PEXPIRETIME", key)).isEqualTo(from.call("PEXPIRETIME", key));
                }
            }
        }
    }

    /** A hash table's DUMP has no order to compare. */
    private static String content(RespClient from, Object key) throws IOException {
        String type = (String) from.call("TYPE", key);
        if (!type.equals("set") && !type.equals("hash")) {
            return HexFormat.of().formatHex((byte[]) from.call("DUMP", key));
        }
        List<String> elements = new ArrayList<>();
        List<?> raw = (List<?>) (type.equals("set") ? from.call("SMEMBERS", key) : from.call("HGETALL", key));
        int width = type.equals("set") ? 1 : 2;
        for (int i = 0; i < raw.size(); i += width) {
            String element = HexFormat.of().formatHex((byte[]) raw.get(i));
            elements.add(width == 1 ? element : element + "=" + HexFormat.of().formatHex((byte[]) raw.get(i + 1)));
        }
        elements.sort(null);
        return type + elements;
    }

    @Test
    void anEntryThatHasExpiredMeanwhileStaysForWhatMayHaveRenewedIt() throws IOException {
        client.call("SET", "old", "1");
        byte[] payload = (byte[]) client.call("DUMP", "old");
        start();
        long later = System.currentTimeMillis() + 3_600_000;
        sink.send(
                feed.dump("old", payload, 10, 1000),
                feed.dump("renewed", payload, 10, 1000),
                feed.command("PEXPIREAT", "renewed", later));
        sink.awaitApplied();
        assertThat(client.call("PEXPIRETIME", "old")).isEqualTo(DeferredExpiry.of(1000));
        assertThat(DeferredExpiry.exact((Long) client.call("PEXPIRETIME", "renewed")))
                .isEqualTo(later);
    }

    @Test
    void expiriesAreSettledOnceTheSinkHasCaughtUp() throws IOException {
        long now = System.currentTimeMillis();
        start();
        sink.send(
                feed.command("SET", "far", "v", "PXAT", now + 600_000),
                feed.command("SET", "near", "v", "PXAT", now + 25_000),
                feed.command("SET", "past", "v", "PXAT", now - 600_000));
        sink.awaitApplied();
        assertThat(client.call("PEXPIRETIME", "far")).isEqualTo(DeferredExpiry.of(now + 600_000));

        Feed live = new Feed(1, System.currentTimeMillis());
        live.rewind(feed.offset());
        sink.send(live.command("SET", "last", "v"));

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.call("PEXPIRETIME", "far").equals(now + 600_000));
        assertThat(client.call("PEXPIRETIME", "near")).isEqualTo(DeferredExpiry.of(now + 25_000));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> client.call("EXISTS", "past").equals(0L));
    }

    @Test
    void aPayloadThatCannotBeRewrittenIsBuiltFromTheTypedValueOrRefused() throws IOException {
        start();
        SnapshotEntry both = new SnapshotEntry(
                feed.typed("k", new Value.StringValue(new byte[0]), -1).origin(),
                0,
                1,
                Feed.bytes("k"),
                "string",
                new byte[] {1, 2, 3},
                80,
                new Value.StringValue(Feed.bytes("value")),
                LATER,
                null,
                -1,
                -1);
        sink.send(both);
        sink.awaitApplied();
        assertThat(get("k")).isEqualTo("value");
        assertThat(client.call("PEXPIRETIME", "k")).isEqualTo(LATER);
        sink.send(feed.dump("\u0000bin\n", new byte[] {1, 2, 3}, 80, Expiry.NONE));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("\"\\x00bin\\x0a\"")
                .hasMessageContaining("record changes-0@1")
                .hasMessageContaining("entry.format=both");
    }

    @Test
    void aStringInPartsAppearsWholeAndReplacesWhatWasThere() throws IOException {
        client.call("SADD", "big{", "other type");
        start();
        byte[] whole = new byte[3_000_000];
        new Random(1).nextBytes(whole);
        List<Change> parts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parts.add(feed.part(
                    "big{",
                    new Value.StringValue(Arrays.copyOfRange(whole, i * 1_000_000, (i + 1) * 1_000_000)),
                    LATER,
                    new Part(i, i == 2)));
        }
        sink.send(parts.subList(0, 2), 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sink.task() != null && size(client) == 2);
        assertThat(sink.commit()).isZero();
        assertThat(new String((byte[]) ((List<?>) client.call("SMEMBERS", "big{")).get(0), StandardCharsets.UTF_8))
                .isEqualTo("other type");
        // begun again before it was complete
        sink.crash();
        sink.start();
        sink.send(parts, 1);
        sink.awaitApplied();
        assertThat((byte[]) client.call("GET", "big{")).isEqualTo(whole);
        assertThat(client.call("PEXPIRETIME", "big{")).isEqualTo(LATER);
        assertThat(size(client)).isEqualTo(1L);
    }

    @Test
    void aTransactionIsOneAndItsRecordsEndTogether() throws IOException {
        start();
        List<Change> changes = new ArrayList<>(List.of(feed.command("SET", "before", "1")));
        changes.addAll(feed.transaction(
                new Object[] {"SET", "a", "1"}, new Object[] {"RPUSH", "l", "x"}, new Object[] {"DEL", "before"}));
        sink.send(changes.subList(0, 3), 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sink.commit() == 1);
        assertThat(get("a")).isNull();
        sink.send(changes.subList(3, 4), 1);
        sink.awaitApplied();
        assertThat(get("a")).isEqualTo("1");
        assertThat(get("before")).isNull();
    }

    @Test
    void aTransactionBeyondTheLimitIsAppliedInPiecesInOrder() throws IOException {
        start("transaction.max.bytes", "1024");
        Object[][] pushes = new Object[200][];
        for (int i = 0; i < pushes.length; i++) {
            pushes[i] = new Object[] {"RPUSH", "l", i};
        }
        sink.send(feed.transaction(pushes), 7);
        sink.awaitApplied();
        assertThat(list("l")).hasSize(200).startsWith("0", "1").endsWith("198", "199");
    }

    @Test
    void keylessCommandsAndScriptsAreApplied() throws IOException {
        start();
        sink.send(
                feed.command("SET", "gone", "1"),
                feed.command("FLUSHALL"),
                feed.command(
                        "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)"),
                feed.function("#!lua name=lib2\nredis.register_function('g', function() return 1 end)"),
                feed.command("EVAL", "redis.call('SET', 'evaluated', '1')", "0"),
                feed.command("PUBLISH", "channel", "message"),
                feed.command("SET", "there", "1"));
        sink.awaitApplied();
        assertThat(get("gone")).isNull();
        assertThat(get("there")).isEqualTo("1");
        assertThat(get("evaluated")).isEqualTo("1");
        assertThat((List<?>) client.call("FUNCTION", "LIST")).hasSize(2);
    }

    @Test
    void conflictsAreSkippedOrRefusedAsTold() throws IOException {
        client.call("SET", "k", "mine");
        byte[] payload = (byte[]) client.call("DUMP", "k");
        client.call("SET", "there", "mine");
        start("conflict.policy", "skip", "resync.ghosts", "keep");
        sink.send(
                feed.dump("there", payload, 10, LATER),
                feed.typed("k", new Value.ListValue(List.of(Feed.bytes("theirs"))), LATER),
                feed.typed("fresh", new Value.ListValue(List.of(Feed.bytes("theirs"))), LATER));
        sink.awaitApplied();
        assertThat(client.call("PTTL", "there")).isEqualTo(-1L);
        assertThat(get("k")).isEqualTo("mine");
        assertThat(list("fresh")).containsExactly("theirs");
        assertThat(client.call("PEXPIRETIME", "fresh")).isEqualTo(LATER);
        assertThat(size(client)).isEqualTo(3L);
        sink.close();
        client.call("DEL", CHECKPOINT);
        for (SnapshotEntry entry : List.of(
                feed.dump("there", payload, 10, LATER),
                feed.typed("k", new Value.ListValue(List.of(Feed.bytes("theirs"))), LATER))) {
            start("conflict.policy", "fail", "resync.ghosts", "keep");
            sink.send(entry);
            assertThatThrownBy(sink::awaitApplied)
                    .hasMessageContaining("refused R")
                    .hasMessageContaining("conflict policy");
            sink.close();
        }
        sink = null;
    }

    @Test
    void aSecondSnapshotUnderAPolicyThatKeepsKeysStopsTheTask() throws IOException {
        client.call("SET", "k", "mine");
        byte[] payload = (byte[]) client.call("DUMP", "k");
        start("conflict.policy", "skip", "resync.ghosts", "keep");
        sink.send(
                feed.mark(Mark.Meaning.SNAPSHOT_BEGIN),
                feed.dump("other", payload, 10, -1),
                feed.mark(Mark.Meaning.SNAPSHOT_END),
                feed.command("SET", "other", "newer"));
        sink.awaitApplied();
        sink.crash();
        sink.committed(0);
        sink.restart();
        Feed second = new Feed(2);
        sink.send(second.mark(Mark.Meaning.SNAPSHOT_BEGIN), second.dump("other", payload, 10, -1));
        assertThatThrownBy(sink::awaitApplied)
                .hasMessageContaining("another snapshot, of generation 2")
                .hasMessageContaining("Set conflict.policy=overwrite");
        assertThat(get("other")).isEqualTo("newer");
    }

    @Test
    void whatASourceSendsTwiceIsAppliedOnce() throws IOException {
        start();
        long begin = feed.offset();
        List<Change> changes = new ArrayList<>(List.of(feed.command("INCR", "n"), feed.command("INCR", "n")));
        changes.addAll(feed.transaction(new Object[] {"INCR", "n"}, new Object[] {"INCR", "n"}));
        sink.send(changes, 1);
        sink.send(changes.subList(0, 2), 1);
        sink.send(changes.subList(2, 3), 1);
        feed.rewind(begin);
        sink.send(changes, 1);
        sink.awaitApplied();
        assertThat(get("n")).isEqualTo("4");
    }
}
