package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.recopy.RecopyScript;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole way on every server that is here: copy, stream, block, restart. */
class SourceVersionsTest {

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void copiesFollowsAndContinues(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version.unavailableMessage());
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect();
                TaskDriver driver = new TaskDriver(new HashMap<>(Map.of(
                        "redis.hosts", "127.0.0.1:" + server.port(),
                        "topic", "t",
                        "record.grouping", "batch",
                        "entry.format", "both")))) {
            client.call("HSET", "h", "f", "v");
            if (version.hasHashFieldExpiry()) {
                client.call("HPEXPIREAT", "h", "4102444800000", "FIELDS", "1", "f");
            }
            client.call("XADD", "x", "1-1", "f", "v");
            driver.start().untilCopied();
            List<SnapshotEntry> entries = driver.changes().stream()
                    .filter(c -> c instanceof SnapshotEntry)
                    .map(c -> (SnapshotEntry) c)
                    .toList();
            assertThat(entries).extracting(SnapshotEntry::type).containsExactlyInAnyOrder("hash", "stream");
            assertThat(entries).allSatisfy(e -> assertThat(e.value()).isNotNull());
            assertThat(((Mark) driver.changes().get(0)).details())
                    .containsEntry("sourceProduct", version.isValkey() ? "valkey" : "redis");

            client.call("SELECT", "1");
            client.call("MULTI");
            client.call("SET", "a", "1", "PX", "100000000");
            client.call("INCR", "b");
            client.call("EXEC");
            client.call("EVAL", "redis.call('SET', KEYS[1], '1') redis.call('DEL', KEYS[1])", "1", "lua");
            client.call("SET", "end", "1");
            driver.until(() -> last(driver).equals("end"));
            copiesAKeyAnew(driver, client);
            driver.stop();
            client.call("SET", "more", "1");
            driver.start().until(() -> last(driver).equals("more"));

            List<CommandChange> commands = driver.changes().stream()
                    .filter(c -> c instanceof CommandChange)
                    .map(c -> (CommandChange) c)
                    .toList();
            assertThat(commands)
                    .extracting(c -> text(c.key()))
                    .containsExactly("a", "b", "lua", "lua", "end", "h", "x", "h", "gone", "more");
            assertThat(commands).extracting(CommandChange::db).containsOnly(1);
            assertThat(commands.stream()
                            .map(c -> c.transaction() != null && c.transaction().last()))
                    .containsExactly(false, true, false, true, false, false, false, false, false, false);
            assertThat(driver.changes())
                    .as("continued")
                    .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));

            // A master takes up the history that its RDB names since 7.0 (server.c, loadDataFromDisk).
            boolean keepsHistory = version.isValkey() || version.isRedisAtLeast(7, 0);
            driver.stop();
            server.restart();
            driver.start();
            server.command("SET", "after", "1");
            driver.until(
                    () -> driver.changes().stream().anyMatch(c -> text(c.key()).equals("after")));
            Change last = driver.changes().get(driver.changes().size() - 1);
            assertThat(last.origin().generation()).isEqualTo(keepsHistory ? 1 : 2);
        }
    }

    /** Also to the millisecond, where the server has no PEXPIRETIME. */
    private static void copiesAKeyAnew(TaskDriver driver, RespClient client) throws Exception {
        client.call("HSET", "h", "f", "v");
        client.call("XADD", "x", "1-1", "f", "v");
        driver.until(() -> last(driver).equals("x"));
        List<Change> before = List.copyOf(driver.changes());
        client.call("PEXPIREAT", "h", "4102444800123");
        for (String key : List.of("h", "x", "gone")) {
            byte[] name = key.getBytes(StandardCharsets.UTF_8);
            Object reply = client.call("EVAL", RecopyScript.text(), "2", name, RecopyScript.markerKey(name));
            assertThat(reply).isEqualTo(key.equals("gone") ? 0L : 1L);
        }
        driver.until(() -> last(driver).equals("gone"));
        List<Change> copied =
                driver.changes().subList(before.size(), driver.changes().size());
        assertThat(copied).hasSize(4).extracting(Change::db).containsOnly(1);
        assertThat(copied).extracting(c -> text(c.key())).containsExactly("h", "h", "x", "gone");
        assertThat(copied.subList(1, 3))
                .extracting(c -> ((SnapshotEntry) c).type())
                .containsExactly("hash", "stream");
        assertThat(copied.subList(1, 3)).allSatisfy(c -> {
            SnapshotEntry entry = (SnapshotEntry) c;
            assertThat(entry.payload()).isEqualTo(client.call("DUMP", entry.key()));
            assertThat(entry.rdbVersion()).isPositive();
            assertThat(entry.value()).isNotNull();
        });
        assertThat(((SnapshotEntry) copied.get(1)).expireAt()).isEqualTo(4102444800123L);
        assertThat(((SnapshotEntry) copied.get(2)).expireAt()).isEqualTo(Expiry.NONE);
        assertThat(((CommandChange) copied.get(3)).command().name()).isEqualTo("DEL");
        assertThat(client.call("EXISTS", RecopyScript.markerKey("h".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(0L);
    }

    private static String last(TaskDriver driver) {
        return text(driver.changes().get(driver.changes().size() - 1).key());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
