package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
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
            driver.start()
                    .until(() -> driver.changes().stream()
                            .anyMatch(c -> c instanceof Mark mark && mark.meaning() == Mark.Meaning.SNAPSHOT_END));
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
            driver.stop();
            client.call("SET", "more", "1");
            driver.start().until(() -> last(driver).equals("more"));

            List<CommandChange> commands = driver.changes().stream()
                    .filter(c -> c instanceof CommandChange)
                    .map(c -> (CommandChange) c)
                    .toList();
            assertThat(commands).extracting(c -> text(c.key())).containsExactly("a", "b", "lua", "lua", "end", "more");
            assertThat(commands).extracting(CommandChange::db).containsOnly(1);
            assertThat(commands.stream()
                            .map(c -> c.transaction() != null && c.transaction().last()))
                    .containsExactly(false, true, false, true, false, false);
            assertThat(driver.changes())
                    .as("continued")
                    .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
        }
    }

    private static String last(TaskDriver driver) {
        return text(driver.changes().get(driver.changes().size() - 1).key());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
