package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.Position;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSourceTaskTest {

    private static LocalServer server;
    private RespClient client;
    private TaskDriver driver;

    @BeforeAll
    static void startServer() {
        server = LocalServer.of(ServerVersion.standard())
                .config("repl-backlog-size 16mb")
                .config("repl-ping-replica-period 1")
                .config("enable-debug-command local")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = server.connect();
        client.call("FLUSHALL");
        client.call("CONFIG", "RESETSTAT");
    }

    @AfterEach
    void close() throws Exception {
        if (driver != null) {
            driver.close();
        }
        client.close();
    }

    private static Map<String, String> properties(String... more) {
        Map<String, String> properties =
                new HashMap<>(Map.of("name", "test", "redis.hosts", "127.0.0.1:" + server.port(), "topic", "changes"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private TaskDriver start(String... more) {
        driver = new TaskDriver(properties(more)).start();
        return driver;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isMark(Change change, Mark.Meaning meaning) {
        return change instanceof Mark mark && mark.meaning() == meaning;
    }

    private boolean has(Mark.Meaning meaning) {
        return driver.changes().stream().anyMatch(c -> isMark(c, meaning));
    }

    private boolean sawKey(String key) {
        return driver.changes().stream().anyMatch(c -> c instanceof CommandChange && key.equals(text(c.key())));
    }

    private Stream<CommandChange> commands() {
        return driver.changes().stream().filter(c -> c instanceof CommandChange).map(c -> (CommandChange) c);
    }

    private List<String> commandTexts() {
        return commands()
                .map(c -> c.db() + " " + c.command().name() + " "
                        + String.join(
                                " ",
                                Stream.of(c.command().args())
                                        .map(RedisSourceTaskTest::text)
                                        .toList()))
                .toList();
    }

    private long stat(String field) throws Exception {
        String info = text((byte[]) client.call("INFO", "stats"));
        return info.lines()
                .filter(l -> l.startsWith(field + ":"))
                .mapToLong(l -> Long.parseLong(l.substring(field.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private long masterOffset() throws Exception {
        return text((byte[]) client.call("INFO", "replication"))
                .lines()
                .filter(l -> l.startsWith("master_repl_offset:"))
                .mapToLong(l -> Long.parseLong(
                        l.substring("master_repl_offset:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** Keys k0, k1, … with the value 0. */
    private void fill(int keys) throws Exception {
        for (int i = 0; i < keys; i++) {
            client.send("SET", "k" + i, "0");
        }
        for (int i = 0; i < keys; i++) {
            client.receive();
        }
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void continuesAfterARestart(String grouping) throws Exception {
        start("record.grouping", grouping).until(() -> has(Mark.Meaning.SNAPSHOT_END));
        client.call("SELECT", "4");
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        driver.stop();
        client.call("SET", "b", "2");
        driver.start().until(() -> sawKey("b"));

        assertThat(commandTexts()).containsExactly("4 SET a 1", "4 SET b 2");
        assertThat(stat("sync_full")).isEqualTo(1);
        assertThat(stat("sync_partial_ok")).isEqualTo(1);
        assertThat(driver.changes())
                .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
    }

    @Test
    void goesOnWhenTheLinkIsCutUnderLoad() throws Exception {
        start("record.grouping", "batch").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        AtomicBoolean writing = new AtomicBoolean(true);
        AtomicReference<Exception> failed = new AtomicReference<>();
        int[] written = {0};
        Thread writer = new Thread(
                () -> {
                    try (RespClient load = server.connect()) {
                        while (writing.get()) {
                            for (int i = 0; i < 100; i++) {
                                load.send("RPUSH", "k", Integer.toString(written[0]++));
                                load.send("MULTI");
                                load.send("SELECT", Integer.toString(i % 3));
                                load.send("RPUSH", "t", Integer.toString(written[0]++));
                                load.send("RPUSH", "t", Integer.toString(written[0]++));
                                load.send("EXEC");
                            }
                            for (int i = 0; i < 600; i++) {
                                load.receive();
                            }
                        }
                    } catch (Exception e) {
                        failed.set(e);
                    }
                },
                "load");
        writer.start();
        long cuts = 0;
        while (cuts < 5) {
            int size = driver.changes().size();
            driver.until(() -> driver.changes().size() > size + 3000);
            cuts += (Long) client.call("CLIENT", "KILL", "TYPE", "replica");
        }
        writing.set(false);
        writer.join();
        assertThat(failed.get()).isNull();
        client.call("SET", "end", "1");
        driver.until(() -> sawKey("end"));

        List<Integer> seen = commands()
                .filter(c -> c.command().name().equals("RPUSH"))
                .map(c -> Integer.parseInt(text(c.command().args()[1])))
                .toList();
        assertThat(seen).hasSize(written[0]).isSorted();
        assertThat(seen.get(seen.size() - 1)).isEqualTo(written[0] - 1);
        assertThat(stat("sync_full")).isEqualTo(1);
        assertThat(stat("sync_partial_ok")).isEqualTo(cuts);
    }

    @Test
    void losesNothingWhenItCrashesWithRecordsInFlight() throws Exception {
        start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        driver.acknowledging(false);
        client.call("MULTI");
        client.call("SET", "b", "1");
        client.call("SET", "c", "1");
        client.call("EXEC");
        driver.until(() -> sawKey("c"));
        driver.crash();
        driver.acknowledging(true);
        driver.changes().clear();
        driver.start().until(() -> sawKey("c"));
        assertThat(commandTexts()).containsExactly("0 SET b 1", "0 SET c 1");
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
                .untilAsserted(
                        () -> assertThat(driver.status().getSourceOffset()).isGreaterThanOrEqualTo(written));
        assertThat(driver.status().getReadOffset()).as("nobody polls").isLessThan(written);
    }

    @Test
    void movesTheStoredOffsetOfAnIdleSource() throws Exception {
        start("heartbeat.interval.ms", "10").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        long end = masterOffset();
        driver.until(() -> Position.fromMap(driver.storedOffset()).offset() > end);
        assertThat(has(Mark.Meaning.HEARTBEAT)).isTrue();
        driver.stop();
        driver.start();
        client.call("SET", "a", "1");
        driver.until(() -> sawKey("a"));
        assertThat(stat("sync_full")).isEqualTo(1);
    }

    @Test
    void beginsANewGenerationWhenTheSourceCannotContinue() throws Exception {
        start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        driver.stop();
        client.call("DEBUG", "CHANGE-REPL-ID");
        client.call("SET", "a", "1");
        driver.changes().clear();
        driver.start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        Mark begin = (Mark) driver.changes().get(0);
        assertThat(begin.origin().generation()).isEqualTo(2);
        assertThat(begin.details().get("reason")).contains("cannot continue");
        assertThat(driver.changes()).hasSize(3);
    }

    @Test
    void failsInsteadWhenToldTo() throws Exception {
        start("resync.policy", "fail").until(() -> has(Mark.Meaning.SNAPSHOT_END));
        driver.stop();
        client.call("DEBUG", "CHANGE-REPL-ID");
        driver.start();
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("resync.policy")
                .hasMessageContaining("repl-backlog-size");
        assertThat(driver.status().getPhase()).isEqualTo("failed");
    }

    @Test
    void repeatsASnapshotThatWasNotComplete() throws Exception {
        fill(20_000);
        start("queue.max.changes", "100");
        driver.until(() -> driver.changes().size() > 10);
        driver.stop();
        assertThat(Position.fromMap(driver.storedOffset()).inSnapshot()).isTrue();
        driver.changes().clear();
        driver.start().until(() -> has(Mark.Meaning.SNAPSHOT_END));
        assertThat(driver.changes())
                .hasSize(20_002)
                .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(2));
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
