package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Keys to which a change was refused. */
class DirtyKeysTest extends StandaloneDestination {

    private static final byte[] HASH = DirtyKey.hashOf("millrace-sink");

    private void startReporting(String... more) {
        sink = new SinkDriver(SinkDriver.to(server, more), true);
    }

    private static Value elements(String... elements) {
        return new Value.ListValue(List.of(elements).stream().map(Feed::bytes).toList());
    }

    /** The marks at the destination by {@code db:key}. */
    private static Map<String, DirtyMark> marks() throws IOException {
        List<?> reply = (List<?>) client.call("HGETALL", HASH);
        Map<String, DirtyMark> marks = new TreeMap<>();
        for (int i = 0; i < reply.size(); i += 2) {
            marks.put(new String((byte[]) reply.get(i), StandardCharsets.UTF_8), DirtyMark.parse((byte[])
                    reply.get(i + 1)));
        }
        return marks;
    }

    @Test
    void aRefusedChangeMarksItsKeysAndAWholeValueUnmarks() throws IOException {
        client.call("SET", "a", "no list");
        startReporting();
        sink.send(
                feed.command("RPUSH", "a", "1"),
                feed.command("RPUSH", "b", "1"),
                feed.db(3).command("LMOVE", "b", "c", "LEFT", "LEFT"));
        sink.awaitApplied();
        assertThat(marks().keySet()).containsExactly("0:a");
        DirtyMark mark = marks().get("0:a");
        assertThat(mark.shard()).isEqualTo("0");
        assertThat(mark.generation()).isEqualTo(1);
        assertThat(mark.offset()).isEqualTo(10);
        assertThat(mark.record()).isEqualTo("changes-0@0");
        assertThat(mark.command()).isEqualTo("RPUSH");
        assertThat(mark.reason()).startsWith("WRONGTYPE");
        assertThat(SinkDriver.status().getDirtyKeys()).isEqualTo(1);
        assertThat(sink.reports()).hasSize(1);

        sink.send(feed.db(0).typed("a", elements("1", "2"), Expiry.NONE), feed.command("RPUSH", "a", "3"));
        sink.awaitApplied();
        assertThat(marks()).isEmpty();
        assertThat(list("a")).containsExactly("1", "2", "3");
        assertThat(SinkDriver.status().getDirtyKeys()).isZero();
    }

    @Test
    void theOrderInAWindowDecides() throws IOException {
        client.call("SET", "mended", "1");
        client.call("SET", "spoilt", "1");
        startReporting();
        sink.send(
                List.of(
                        feed.command("RPUSH", "mended", "1"),
                        feed.typed("mended", elements("1"), Expiry.NONE),
                        feed.typed("spoilt", elements("1"), Expiry.NONE),
                        feed.command("INCR", "spoilt"),
                        feed.command("RPUSH", "mended", "2")),
                5);
        sink.awaitApplied();
        assertThat(marks().keySet()).containsExactly("0:spoilt");
        assertThat(list("mended")).containsExactly("1", "2");
    }

    @Test
    void marksOutliveTheTaskAndGoWithTheKey() throws IOException {
        for (String key : List.of("a", "b", "c", "d")) {
            client.call("SET", key, "no list");
        }
        startReporting();
        sink.send(
                feed.command("RPUSH", "a", "1"),
                feed.command("RPUSH", "b", "1"),
                feed.command("RPUSH", "c", "1"),
                feed.command("RPUSH", "d", "1"));
        sink.awaitApplied();
        sink.stop();
        sink.start();
        sink.send(feed.command("DEL", "a", "x"), feed.command("SET", "b", "1"), feed.command("RENAME", "c", "e"));
        sink.awaitApplied();
        // What was made of a dirty key is no better.
        assertThat(marks().keySet()).containsExactly("0:c", "0:d", "0:e");
        sink.send(feed.command("FLUSHALL"));
        sink.awaitApplied();
        assertThat(SinkDriver.status().getDirtyKeys()).isZero();
        assertThat(marks()).isEmpty();
    }

    @Test
    void aFlushOfAnotherDatabaseKeepsMarks() throws IOException {
        client.call("SELECT", 1);
        client.call("SET", "k", "no list");
        client.call("SELECT", 0);
        startReporting();
        sink.send(feed.db(1).command("RPUSH", "k", "1"), feed.db(0).command("FLUSHDB"));
        sink.awaitApplied();
        assertThat(marks().keySet()).containsExactly("1:k");
    }

    @Test
    void poisonInATransactionMarksItsKeyAlone() throws IOException {
        client.call("SET", "poison", "no list");
        startReporting();
        sink.send(
                feed.transaction(
                        new Object[] {"RPUSH", "good", "1"},
                        new Object[] {"RPUSH", "poison", "1"},
                        new Object[] {"RPUSH", "good", "2"}),
                3);
        sink.awaitApplied();
        assertThat(marks().keySet()).containsExactly("0:poison");
        assertThat(list("good")).containsExactly("1", "2");
        assertThat(sink.reports()).hasSize(1);
    }

    @Test
    void aValueWithABrokenPartStaysDirty() throws IOException {
        startReporting();
        sink.send(
                feed.part("k", elements("1"), Expiry.NONE, new Part(0, false)),
                feed.part("k", elements("3"), Expiry.NONE, new Part(2, true)));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            sink.commit();
            return marks().keySet().equals(Set.of("0:k"));
        });
        sink.send(feed.part("k", elements("1"), Expiry.NONE, new Part(0, false)));
        sink.send(feed.part("k", elements("2"), Expiry.NONE, new Part(1, true)));
        sink.awaitApplied();
        // Of the same position: it cannot be told from the value that was broken. Only another copy mends it.
        assertThat(marks().keySet()).containsExactly("0:k");
        feed.rewind(100);
        sink.send(feed.part("k", elements("1"), Expiry.NONE, new Part(0, false)));
        sink.send(feed.part("k", elements("2"), Expiry.NONE, new Part(1, true)));
        sink.awaitApplied();
        assertThat(marks()).isEmpty();
        assertThat(list("k")).containsExactly("1", "2");
    }

    @Test
    void aNewSnapshotMendsAll() throws IOException {
        client.call("SET", "stays", "no list");
        client.call("SET", "goes", "no list");
        startReporting();
        sink.send(
                feed.mark(Mark.Meaning.SNAPSHOT_BEGIN),
                feed.mark(Mark.Meaning.SNAPSHOT_END),
                feed.command("RPUSH", "stays", "1"),
                feed.command("RPUSH", "goes", "1"));
        sink.awaitApplied();
        assertThat(marks()).hasSize(2);
        Feed second = new Feed(2);
        sink.send(
                second.mark(Mark.Meaning.SNAPSHOT_BEGIN),
                second.typed("stays", elements("1"), Expiry.NONE),
                second.mark(Mark.Meaning.SNAPSHOT_END));
        sink.awaitApplied();
        assertThat(marks()).isEmpty();
        assertThat(client.call("EXISTS", "goes")).isEqualTo(0L);
    }

    @Test
    void aCopiedKeyIsRepeatedAsLittleAsACommand() throws IOException {
        start();
        sink.send(feed.command("SET", "n", "1"));
        Change copy = feed.typed("n", new Value.StringValue(Feed.bytes("1")), Expiry.NONE);
        Change next = feed.command("INCR", "n");
        sink.send(copy, next);
        // A source that was restarted writes its tail again.
        sink.send(copy, next);
        sink.awaitApplied();
        assertThat(get("n")).isEqualTo("2");
    }

    @Test
    void aHashThatCannotBeUsedStopsTheTaskByName() throws IOException {
        client.call("SET", HASH, "no hash");
        startReporting();
        assertThatThrownBy(() -> {
                    sink.send(feed.command("SET", "k", "v"));
                    sink.awaitApplied();
                })
                .hasMessageContaining("__millrace:dirty:millrace-sink");
    }

    @Test
    void onAClusterEveryChangeOfARefusedTransactionMarks() {
        try (LocalCluster cluster = LocalCluster.start(ServerVersion.standard());
                SinkDriver driver = new SinkDriver(SinkDriver.to(cluster), true)) {
            List<Change> changes = feed.transaction(new Object[] {"SET", "a", "1"}, new Object[] {"SET", "b", "1"});
            changes = new ArrayList<>(changes);
            changes.add(feed.command("SET", "c", "1"));
            driver.send(changes, 1);
            driver.awaitApplied();
            LocalServer node = cluster.masterOf(HashSlot.of(HASH));
            assertThat((List<?>) node.command("HKEYS", HASH))
                    .extracting(field -> new String((byte[]) field, StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("0:a", "0:b");
            assertThat(driver.reports()).hasSize(2);
        }
    }
}
