package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** While a window is on its way, the next is planned: what is then heard of the first comes first all the same. */
class WindowsAheadTest extends StandaloneDestination {

    private static final String EACH = "batch.max.commands";

    @Test
    void aRefusalOnItsWayIsHeardBeforeTheTaskStopsForWhatIsBehindIt() throws IOException {
        start(EACH, "4", "resync.ghosts.max.keys", "2");
        sink.send(snapshot(feed, "a", "b", "c"), 1);
        sink.awaitApplied();
        List<Change> changes = new ArrayList<>();
        changes.add(feed.command("SET", "text", "v"));
        changes.add(feed.command("SET", "other", "v"));
        changes.add(feed.command("RPUSH", "text", "x"));
        changes.add(feed.command("APPEND", "text", "w"));
        sink.prepare(changes, 1);
        sink.prepare(snapshot(new Feed(2), "a", "b", "c"), 6);
        assertThatThrownBy(() -> {
                    sink.pump();
                    sink.awaitApplied();
                })
                .hasMessageContaining("RPUSH of key \"text\"")
                .hasMessageNotContaining("resync.ghosts.max.keys");
        assertThat(new String((byte[]) client.call("HGET", CHECKPOINT, "refused"), StandardCharsets.UTF_8))
                .contains("RPUSH of key \"text\"");
    }

    @Test
    void theMarksOfDegradedValuesStay() {
        sink = new SinkDriver(SinkDriver.to(server, EACH, "1", "unsupported.values", "degrade"), true);
        List<Change> changes = new ArrayList<>(List.of(feed.mark(Mark.Meaning.SNAPSHOT_BEGIN)));
        for (int i = 0; i < 50; i++) {
            HashField mortal = new HashField(Feed.bytes("f"), Feed.bytes("v"), System.currentTimeMillis() + 10_000_000);
            changes.add(feed.typed("hash" + i, new HashValue(List.of(mortal)), Expiry.NONE));
        }
        sink.send(changes, 7);
        sink.awaitApplied();
        assertThat(SinkDriver.status().getChangesDegraded()).isEqualTo(50);
        assertThat(SinkDriver.status().getDirtyKeys()).isEqualTo(50);
    }

    @Test
    void cutConnectionsDoubleNothing() throws Exception {
        start(EACH, "10");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            changes.add(feed.command("INCR", "count"));
            changes.add(feed.command("APPEND", "text", "x"));
        }
        sink.prepare(changes, 25);
        try (RespClient killer = server.connect()) {
            for (int cut = 1; cut <= 8; cut++) {
                long reached = cut * 2000L;
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                    sink.pump();
                    return count() >= reached;
                });
                killer.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                client = server.connect();
            }
        }
        sink.awaitApplied();
        assertThat(get("count")).isEqualTo("20000");
        assertThat(client.call("STRLEN", "text")).isEqualTo(20_000L);
        assertThat(SinkDriver.status().getSessions()).isGreaterThan(4);
    }

    /** Windows that do not pass, with others behind them that are then taken back: memory is short now and then. */
    @Test
    void whatIsSentAheadIsTakenBackWhenTheWindowBeforeDoesNotPass() throws Exception {
        start(EACH, "10");
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            changes.add(feed.db(i % 3).command("INCR", "count"));
            changes.add(feed.command("SET", "k" + i % 7, "v" + i));
        }
        try (RespClient admin = server.connect()) {
            for (int from = 0; from < changes.size(); from += 5000) {
                admin.call("CONFIG", "SET", "maxmemory", 1);
                sink.prepare(changes.subList(from, from + 5000), 25);
                sink.pump();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> SinkDriver.status().getState().contains("memory"));
                admin.call("CONFIG", "SET", "maxmemory", 0);
                sink.awaitApplied();
            }
        } finally {
            client.call("CONFIG", "SET", "maxmemory", 0);
        }
        for (int db = 0; db < 3; db++) {
            client.call("SELECT", db);
            assertThat(count()).isEqualTo(20_000 / 3 + (db < 20_000 % 3 ? 1 : 0));
            for (int k = 0; k < 7; k++) {
                int key = k;
                int in = db;
                int last = IntStream.range(0, 20_000)
                        .filter(i -> i % 7 == key && i % 3 == in)
                        .max()
                        .orElseThrow();
                assertThat(get("k" + k)).isEqualTo("v" + last);
            }
        }
        assertThat(SinkDriver.status().getSessions()).isEqualTo(1);
    }

    private long count() throws IOException {
        String value = get("count");
        return value == null ? 0 : Long.parseLong(value);
    }

    private static List<Change> snapshot(Feed of, String... keys) {
        List<Change> changes = new ArrayList<>();
        changes.add(of.mark(Mark.Meaning.SNAPSHOT_BEGIN));
        for (String key : keys) {
            changes.add(of.typed(key, new ListValue(List.of(Feed.bytes("1"))), Expiry.NONE));
        }
        changes.add(of.mark(Mark.Meaning.SNAPSHOT_END));
        return changes;
    }
}
