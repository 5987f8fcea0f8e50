package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Position;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import io.millrace.recopy.RecopyScript;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys copied anew: the marker in the stream becomes a snapshot entry there, and nothing but a whole marker does. */
class RecopyTest {

    private static LocalServer server;

    @BeforeAll
    static void startServer() {
        server = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static TaskDriver driver(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name",
                "recopy",
                "redis.hosts",
                "127.0.0.1:" + server.port(),
                "topic",
                "t",
                "heartbeat.interval.ms",
                "0"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return new TaskDriver(properties);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    private static Object recopy(RespClient client, String key) throws Exception {
        return client.call("EVAL", RecopyScript.text(), "2", key, RecopyScript.markerKey(bytes(key)));
    }

    private static void copied(TaskDriver driver) throws Exception {
        driver.start().untilCopied();
        driver.changes().clear();
    }

    private static List<Change> until(TaskDriver driver, String key) throws Exception {
        driver.until(() -> driver.changes().stream()
                .anyMatch(c -> c instanceof CommandChange && text(c.key()).equals(key)));
        return driver.changes();
    }

    @Test
    void standsInOrderWithTheStream() throws Exception {
        try (RespClient client = server.connect();
                TaskDriver driver = driver()) {
            copied(driver);
            client.call("SET", "n", "1");
            recopy(client, "n");
            client.call("INCR", "n");
            client.call("MULTI");
            client.call("EVAL", RecopyScript.text(), "2", "n", RecopyScript.markerKey(bytes("n")));
            client.call("EXEC");
            client.call("SET", "end", "1");
            List<Change> changes = until(driver, "end");
            assertThat(changes)
                    .extracting(c -> c instanceof SnapshotEntry
                            ? "copy"
                            : ((CommandChange) c).command().name())
                    .containsExactly("SET", "copy", "INCR", "copy", "SET");
            assertThat(changes).extracting(Change::offset).isSorted().doesNotHaveDuplicates();
            assertThat(changes).extracting(c -> c.origin().generation()).containsOnly(1);
            driver.stop();
            client.call("SET", "later", "1");
            driver.start();
            assertThat(until(driver, "later")).hasSize(6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dump", "both"})
    void aLargeValueComesInPartsThatAreOneUnit(String format) throws Exception {
        try (RespClient client = server.connect();
                TaskDriver driver = driver("entry.format", format, "record.grouping", "batch")) {
            copied(driver);
            client.call("SET", "before", "1");
            String big = new Random(1)
                    .ints(3_000_000, 'A', 'z')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            client.call("SET", "big", big);
            client.call("APPEND", "big", "x");
            client.call("SET", "written", "1");
            until(driver, "written");
            long before = Position.fromMap(driver.storedOffset()).offset();
            driver.changes().clear();
            driver.records().clear();
            recopy(client, "big");
            client.call("SET", "end", "1");
            until(driver, "end");
            StringBuilder value = new StringBuilder();
            int parts = 0;
            for (Change change : driver.changes()) {
                if (change instanceof SnapshotEntry entry) {
                    assertThat(entry.part().index()).isEqualTo(parts++);
                    value.append(text(((Value.StringValue) entry.value()).bytes()));
                }
            }
            assertThat(parts).isGreaterThan(2);
            assertThat(value).hasToString(big + "x");
            assertThat(driver.records().subList(0, parts - 1))
                    .as("a copy that breaks off in the middle is taken again")
                    .allSatisfy(r -> assertThat(offset(r.sourceOffset())).isEqualTo(before));
            assertThat(Position.fromMap(driver.storedOffset()).offset()).isGreaterThan(before);
        }
    }

    private static long offset(Map<String, ?> stored) {
        return Position.fromMap(stored).offset();
    }

    @Test
    void leavesOutWhatIsNoMarker() throws Exception {
        byte[] marker = RecopyScript.markerKey(bytes("k"));
        try (RespClient client = server.connect();
                TaskDriver driver = driver()) {
            copied(driver);
            client.call("SET", "k", "1");
            client.call("SET", marker, "nonsense");
            client.call("SET", marker, "1:1:-1:knonsense-that-is-no-payload");
            client.call("SET", marker, "1:1:-1:k", "EX", "100");
            client.call("APPEND", marker, "1");
            client.call("DEL", marker);
            byte[] reserved = bytes("__millrace:x");
            client.call("EVAL", RecopyScript.text(), "2", reserved, marker);
            client.call("MULTI");
            client.call("SET", "other", "1");
            client.call("EVAL", RecopyScript.text(), "2", "k", marker);
            client.call("EXEC");
            client.call("MULTI");
            client.call("EVAL", RecopyScript.text(), "2", "k", marker);
            client.call("SET", "other", "2");
            client.call("EXEC");
            client.call("SET", "end", "1");
            assertThat(until(driver, "end"))
                    .extracting(c -> text(c.key()))
                    .containsExactly("k", "other", "other", "end");
            assertThat(driver.status().getPhase()).isEqualTo("stream");
        }
    }
}
