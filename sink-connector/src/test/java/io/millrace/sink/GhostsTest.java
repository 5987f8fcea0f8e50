package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Part;
import io.millrace.change.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What a new snapshot does not bring. */
class GhostsTest extends StandaloneDestination {

    private static Value text(String value) {
        return new Value.StringValue(Feed.bytes(value));
    }

    private static Value elements(String... elements) {
        return new Value.ListValue(List.of(elements).stream().map(Feed::bytes).toList());
    }

    /** A snapshot of strings, each with its own name as value. */
    private static List<Change> snapshot(Feed feed, String... keys) {
        List<Change> changes = new ArrayList<>();
        changes.add(feed.mark(Mark.Meaning.SNAPSHOT_BEGIN));
        for (String key : keys) {
            changes.add(feed.typed(key, text(key), Expiry.NONE));
        }
        changes.add(feed.mark(Mark.Meaning.SNAPSHOT_END));
        return changes;
    }

    private Set<String> keys() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Object key : (List<?>) client.call("KEYS", "*")) {
            names.add(new String((byte[]) key, java.nio.charset.StandardCharsets.UTF_8));
        }
        names.removeIf(name -> name.startsWith("__millrace:checkpoint"));
        return names;
    }

    @Test
    void theyAreGoneBeforeWhatFollows() throws IOException {
        client.call("SET", "foreign", "1");
        client.call("SET", "__millrace:own", "1");
        start();
        sink.send(snapshot(feed, "a", "b", "c"), 1);
        sink.send(feed.command("RPUSH", "pushed", "old"));
        sink.awaitApplied();
        // The first snapshot finds the destination as its user left it.
        assertThat(keys()).containsExactly("__millrace:own", "a", "b", "c", "foreign", "pushed");

        Feed second = new Feed(2);
        sink.send(snapshot(second, "a", "c", "d"), 1);
        sink.send(second.command("RPUSH", "pushed", "new"), second.command("HSET", "b", "f", "v"));
        sink.awaitApplied();
        assertThat(keys()).containsExactly("__millrace:own", "a", "b", "c", "d", "pushed");
        assertThat(list("pushed")).containsExactly("new");
        assertThat(client.call("TYPE", "b")).isEqualTo("hash");
        assertThat(SinkDriver.status().getGhostsFound()).isEqualTo(3);
        assertThat(SinkDriver.status().getGhostsRemoved()).isEqualTo(3);
    }

    @Test
    void aValueIsReplacedWholeWhateverWasThere() throws IOException {
        start();
        sink.send(
                feed.mark(Mark.Meaning.SNAPSHOT_BEGIN),
                feed.typed("list", elements("old", "older"), Expiry.NONE),
                feed.typed("hash", elements("was", "a", "list"), Expiry.NONE),
                feed.typed("parts", elements("old"), 4_102_444_800_000L),
                feed.mark(Mark.Meaning.SNAPSHOT_END));
        Feed second = new Feed(2);
        sink.send(
                second.mark(Mark.Meaning.SNAPSHOT_BEGIN),
                second.typed("list", elements("new"), Expiry.NONE),
                second.typed("hash", new Value.SetValue(List.of(Feed.bytes("m"))), Expiry.NONE),
                second.part("parts", elements("1", "2"), Expiry.NONE, new Part(0, false)),
                second.part("parts", elements("3"), Expiry.NONE, new Part(1, true)),
                second.mark(Mark.Meaning.SNAPSHOT_END));
        sink.awaitApplied();
        assertThat(list("list")).containsExactly("new");
        assertThat(client.call("TYPE", "hash")).isEqualTo("set");
        assertThat(list("parts")).containsExactly("1", "2", "3");
        assertThat(client.call("PTTL", "parts")).isEqualTo(-1L);
        assertThat(keys()).containsExactly("hash", "list", "parts");
    }

    @Test
    void aSnapshotThatIsBrokenOffRemovesNothing() throws IOException {
        start();
        sink.send(snapshot(feed, "a", "b"), 1);
        Feed second = new Feed(2);
        sink.send(snapshot(second, "b", "x").subList(0, 2), 1);
        sink.commit();
        Feed third = new Feed(3);
        sink.send(snapshot(third, "a", "x"), 1);
        sink.awaitApplied();
        assertThat(keys()).containsExactly("a", "x");
    }

    @Test
    void untilItsEndASnapshotIsReadAgainFromItsBeginning() {
        start();
        sink.send(snapshot(feed, "a", "b"), 1);
        sink.awaitApplied();
        long begin = sink.sent();
        List<Change> again = snapshot(new Feed(2), "a", "c");
        sink.send(again.subList(0, 3), 1);
        while (SinkDriver.status().getSnapshotEntriesApplied() < 4) {
            sink.commit();
        }
        assertThat(sink.commit()).isEqualTo(begin);
        sink.send(again.subList(3, 4), 1);
        sink.awaitApplied();
    }

    @Test
    void aSinkThatIsRestartedInTheSnapshotStillFindsThem() throws IOException {
        start();
        sink.send(snapshot(feed, "a", "b", "c"), 1);
        sink.awaitApplied();
        long begin = sink.sent();
        List<Change> again = snapshot(new Feed(2), "a", "d", "e");
        sink.send(again.subList(0, 3), 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            sink.commit();
            return keys().contains("d");
        });
        sink.stop();
        sink.start();
        assertThat(sink.sent()).isEqualTo(begin);
        // Connect delivers again from where the task has committed, which is the snapshot's beginning.
        sink.send(again, 1);
        sink.awaitApplied();
        assertThat(keys()).containsExactly("a", "d", "e");
        assertThat(SinkDriver.status().getGhostsRemoved()).isEqualTo(2);
    }

    @Test
    void manyKeysInManyDatabases() throws IOException {
        client.call("SELECT", 3);
        client.call("SET", "never-mapped-to", "1");
        start("database.map", "3:5");
        sink.send(snapshot(feed, "a"), 1);
        List<Change> writes = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            writes.add(feed.db(i % 5).command("SET", "key" + i, "v"));
        }
        sink.send(writes, 100);
        Feed second = new Feed(2);
        List<Change> again = snapshot(second, "a", "key5");
        again.add(again.size() - 1, second.db(3).typed("key3", text("v"), Expiry.NONE));
        sink.send(again, 1);
        sink.awaitApplied();
        assertThat(client.call("DBSIZE")).isEqualTo(1L);
        client.call("SELECT", 5);
        assertThat(keys()).containsExactly("key3");
        client.call("SELECT", 0);
        assertThat(keys()).containsExactly("a", "key5");
        assertThat(SinkDriver.status().getGhostsRemoved()).isEqualTo(4_998);
    }

    @Test
    void theyAreCountedOrLeftAloneAsTold() throws IOException {
        start("resync.ghosts", "report");
        sink.send(snapshot(feed, "a", "b"), 1);
        sink.send(snapshot(new Feed(2), "b"), 1);
        sink.awaitApplied();
        assertThat(keys()).containsExactly("a", "b");
        assertThat(SinkDriver.status().getGhostsFound()).isEqualTo(1);
        assertThat(SinkDriver.status().getGhostsRemoved()).isZero();
        sink.close();

        client.call("FLUSHALL");
        start("resync.ghosts", "keep");
        sink.send(snapshot(feed, "a", "b"), 1);
        sink.send(snapshot(new Feed(2), "b"), 1);
        sink.awaitApplied();
        assertThat(keys()).containsExactly("a", "b");
        assertThat(SinkDriver.status().getGhostsFound()).isZero();
    }

    @Test
    void moreKeysThanMayBeRememberedStopTheTask() {
        start("resync.ghosts.max.keys", "2");
        sink.send(snapshot(feed, "a", "b", "c"), 1);
        sink.awaitApplied();
        sink.send(snapshot(new Feed(2), "a", "b", "c"), 1);
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("resync.ghosts.max.keys");
    }

    @Test
    void withoutTheRightToLookTheTaskStopsWithTheRemedy() throws IOException {
        client.call("ACL", "SETUSER", "blind", "on", ">secret", "~*", "+@all", "-scan");
        start("redis.user", "blind", "redis.password", "secret");
        sink.send(snapshot(feed, "a"), 1);
        sink.awaitApplied();
        sink.send(snapshot(new Feed(2), "a"), 1);
        assertThatThrownBy(sink::awaitApplied).hasMessageContaining("+scan").hasMessageContaining("resync.ghosts=keep");
    }
}
