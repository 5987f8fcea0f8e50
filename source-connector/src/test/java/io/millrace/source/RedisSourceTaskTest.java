package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task makes of a source: its snapshot, its stream, and what it says meanwhile. */
class RedisSourceTaskTest extends StandaloneSource {

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void copiesThenFollows(String grouping) throws Exception {
        client.call("SET", "greeting", "hello", "PXAT", "99990000060000");
        client.call("SELECT", "2");
        client.call("RPUSH", "list", "a", "b");
        start("record.grouping", grouping).until(() -> has(Mark.Meaning.SNAPSHOT_END));

        assertThat(driver.changes()).hasSize(4);
        Mark begin = (Mark) driver.changes().get(0);
        assertThat(begin.meaning()).isEqualTo(Mark.Meaning.SNAPSHOT_BEGIN);
        assertThat(begin.details())
                .containsEntry("keys", "2")
                .containsEntry("sourceVersion", "7.0.15")
                .containsEntry("rdbVersion", "10");
        assertThat(driver.changes().subList(1, 3)).allSatisfy(c -> {
            SnapshotEntry entry = (SnapshotEntry) c;
            assertThat(entry.payload()).isNotEmpty();
            assertThat(entry.value()).isNull();
            assertThat(entry.rdbVersion()).isEqualTo(10);
            if (entry.db() == 0) {
                assertThat(entry.expireAt()).isEqualTo(99990000060000L);
                assertThat(entry.type()).isEqualTo("string");
            } else {
                assertThat(text(entry.key())).isEqualTo("list");
                assertThat(entry.type()).isEqualTo("list");
            }
        });
        assertThat(((Mark) driver.changes().get(3)).details())
                .containsEntry("keys", "2")
                .containsEntry("crc", "ok");

        client.call("SET", "x", "1");
        client.call("SELECT", "0");
        client.call("SET", "y", "2");
        client.call("MULTI");
        client.call("INCR", "n");
        client.call("DEL", "greeting");
        client.call("EXEC");
        client.call("SET", "__millrace:checkpoint", "1");
        client.call("SET", "z", "3");
        driver.until(() -> sawKey("z"));

        assertThat(commandTexts()).containsExactly("2 SET x 1", "0 SET y 2", "0 INCR n", "0 DEL greeting", "0 SET z 3");
        assertThat(commands()
                        .map(c -> c.transaction() == null ? -1 : c.transaction().index()))
                .containsExactly(-1, -1, 0, 1, -1);
        assertThat(driver.status().getPhase()).isEqualTo("stream");
        assertThat(driver.status().getSnapshotKeysTotal()).isEqualTo(2);
        assertThat(driver.records()).allSatisfy(r -> {
            assertThat(r.topic()).isEqualTo("changes");
            assertThat(r.sourcePartition().keySet())
                    .as("Connect finds offsets by the bytes of their key")
                    .hasToString("[source, shard]");
        });
    }

    @Test
    void reportsWhatKafkaHasAcknowledged() throws Exception {
        start("heartbeat.interval.ms", "0").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        driver.acknowledging(false);
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        assertThat(client.call("WAIT", "1", "50")).as("read, not acknowledged").isEqualTo(0L);
        driver.acknowledging(true);
        assertThat(client.call("WAIT", "1", "10000")).isEqualTo(1L);
    }

    @Test
    void showsHowFarTheSourceIsWhileKafkaIsSlow() throws Exception {
        start("queue.max.changes", "1").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        for (int i = 0; i < 50; i++) {
            client.call("SET", "k" + i, new byte[200_000]);
        }
        long written = masterOffset();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(driver.status().getSourceOffset()).isGreaterThanOrEqualTo(written));
        assertThat(driver.status().getReadOffset()).as("nobody polls").isLessThan(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"typed", "both"})
    void showsValuesInTypedForm(String format) throws Exception {
        client.call("ZADD", "z", "1.5", "ada");
        client.call("HSET", "h", "f", "v");
        client.call("SET", "big", "x".repeat(3_000_000));
        start("entry.format", format).until(() -> has(Mark.Meaning.SNAPSHOT_END));
        Map<String, SnapshotEntry> entries = new HashMap<>();
        StringBuilder big = new StringBuilder();
        for (Change change : driver.changes()) {
            if (change instanceof SnapshotEntry entry) {
                entries.put(text(entry.key()), entry);
                if (entry.part() != null) {
                    big.append(text(((Value.StringValue) entry.value()).bytes()));
                }
            }
        }
        assertThat(((Value.ZsetValue) entries.get("z").value()).members())
                .singleElement()
                .satisfies(m -> assertThat(m.score()).isEqualTo(1.5));
        assertThat(entries.get("h").value()).isInstanceOf(Value.HashValue.class);
        assertThat(entries.get("h").payload() == null).isEqualTo(format.equals("typed"));
        assertThat(big).hasToString("x".repeat(3_000_000));
    }

    @Test
    void keepsEveryRecordBelowTheLimit() throws Exception {
        start("record.max.bytes", "65536").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        byte[] large = new byte[5_000_000];
        new java.util.Random(1).nextBytes(large);
        client.call("SET", "s", large);
        List<Object> push = new ArrayList<>(List.of("RPUSH", "l"));
        for (int i = 0; i < 50_000; i++) {
            push.add("element-" + i);
        }
        client.call(push.toArray());
        client.call("SET", "end", "1");
        driver.until(() -> sawKey("end"));

        java.io.ByteArrayOutputStream joined = new java.io.ByteArrayOutputStream();
        List<String> elements = new ArrayList<>();
        commands().forEach(c -> {
            byte[][] args = c.command().args();
            if (text(c.key()).equals("s")) {
                joined.writeBytes(args[1]);
                assertThat(args[1].length).isLessThan(65536);
            } else if (text(c.key()).equals("l")) {
                Stream.of(args).skip(1).forEach(e -> elements.add(text(e)));
            }
        });
        assertThat(joined.toByteArray()).isEqualTo(large);
        assertThat(elements).hasSize(50_000).isEqualTo(push.subList(2, push.size()));
    }

    @Test
    void readsASnapshotWhileTheSourceIsWritten() throws Exception {
        fill(20_000);
        start("record.grouping", "batch");
        int increments = 0;
        while (!has(Mark.Meaning.SNAPSHOT_END)) {
            for (int i = 0; i < 100; i++) {
                client.send("INCR", "k" + (increments++ % 20_000));
            }
            for (int i = 0; i < 100; i++) {
                client.receive();
            }
            driver.poll();
        }
        client.call("SET", "end", "1");
        driver.until(() -> sawKey("end"));
        int streamed = Math.toIntExact(
                commands().filter(c -> c.command().name().equals("INCR")).count());
        int copied = driver.changes().stream()
                .mapToInt(c -> c instanceof SnapshotEntry entry ? entry.payload()[2] : 0)
                .sum();
        assertThat(streamed + copied)
                .as("each write is in the snapshot or in the stream")
                .isEqualTo(increments);
    }
}
