package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotTag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code dirty}, {@code recopy} and {@code finish} against servers on which no pipeline runs. */
class NotesAtTheTargetTest {

    private static LocalServer source;
    private static LocalServer target;
    private static RespClient client;

    @BeforeAll
    static void startServers() {
        source = LocalServer.start(ServerVersion.standard());
        target = LocalServer.start(ServerVersion.standard());
        client = target.connect();
    }

    @AfterAll
    static void stopServers() throws IOException {
        client.close();
        source.close();
        target.close();
    }

    @BeforeEach
    void empty() throws IOException {
        client.call("FLUSHALL");
    }

    private static String uri(LocalServer server) {
        return "redis://127.0.0.1:" + server.port();
    }

    private static void mark(String key) {
        DirtyKey dirty = new DirtyKey(0, key.getBytes(StandardCharsets.UTF_8));
        DirtyMark mark = new DirtyMark("0", 1, 1234, "t-0@5", "RPUSH", "WRONGTYPE whatever");
        target.command("HSET", DirtyKey.hashOf("millrace-sink"), dirty.field(), mark.text());
    }

    /** Runs a command that must succeed in this sense, and returns what it printed. */
    private static String printed(ExitStatus status, String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            Ran ran = Ran.millrace(arguments);
            assertThat(ran.exitCode()).as(ran.err()).isEqualTo(status.code());
            return out.toString(StandardCharsets.UTF_8);
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void dirtyKeysAreListed() {
        assertThat(printed(ExitStatus.OK, "dirty", "--target", uri(target)))
                .contains("No key of millrace-sink is dirty");
        mark("one\n");
        mark("two");
        assertThat(printed(ExitStatus.DIFFERENT, "dirty", "--target", uri(target)))
                .contains("2 keys", "one\\x0a", "two", "RPUSH at offset 1,234 (record t-0@5): WRONGTYPE whatever");
        assertThat(printed(ExitStatus.DIFFERENT, "dirty", "--json", "--target", uri(target))
                        .lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("\"key\":\"two\"", "\"offset\":1234"))
                .last()
                .isEqualTo("{\"event\":\"dirty-keys\",\"dirty\":2}");
        assertThat(printed(ExitStatus.OK, "dirty", "--sink", "other", "--target", uri(target)))
                .contains("No key of other");
    }

    @Test
    void withoutAPipelineACopySaysWhatIsMissing() {
        mark("k");
        source.command("SET", "k", "v");
        Ran.millrace("recopy", "--source", uri(source), "--target", uri(target), "--wait", "1")
                .failsWith(ExitStatus.FAILED)
                .naming("1 of the keys did not arrive", "both connectors run");
        assertThat(printed(ExitStatus.OK, "recopy", "--source", uri(source), "--target", uri(target), "--key", "other"))
                .contains("not dirty");
    }

    @Test
    void aUserWithoutTheRightToCopyIsToldWhichItTakes() {
        source.command("ACL", "SETUSER", "reader", "on", "nopass", "~*", "+@read", "+info", "+select", "+ping");
        mark("k");
        Ran.millrace("recopy", "--source", uri(source), "--source-user", "reader", "--target", uri(target))
                .failsWith(ExitStatus.FAILED)
                .naming("may not copy keys", "+eval", "--source-user");
        source.command("ACL", "SETUSER", "reader", "+eval");
        Ran.millrace("recopy", "--source", uri(source), "--source-user", "reader", "--target", uri(target))
                .failsWith(ExitStatus.FAILED)
                .naming("may not copy keys", "+eval");
    }

    @Test
    void theDocumentedUserMayCopy() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "setting-up-redis.md"));
        String rule = page.lines()
                .filter(line -> line.startsWith("ACL SETUSER millrace-recopy "))
                .findFirst()
                .orElseThrow();
        source.command((Object[]) rule.replace(">secret", "nopass").split(" "));
        source.command("SET", "here", "v");
        for (String key : new String[] {"here", "gone"}) {
            printed(
                    ExitStatus.OK,
                    "recopy",
                    "--source",
                    uri(source),
                    "--source-user",
                    "millrace-recopy",
                    "--target",
                    uri(target),
                    "--db",
                    "3",
                    "--key",
                    key);
        }
    }

    @Test
    void onlyWhatIsMillracesOwnIsRemoved() throws IOException {
        client.call("SET", "k", "v");
        client.call("HSET", "__millrace:checkpoint:millrace-sink:t-0", "f", "v");
        client.call("SET", "__millrace:checkpoint:{7}:millrace-sink:t-0", "1");
        client.call("SET", "__millrace:part:{7}:k", "1");
        client.call("HSET", "__millrace:checkpoint:another-sink:t-0", "f", "v");
        mark("k");
        Ran.millrace("finish", "--target", uri(target))
                .failsWith(ExitStatus.REFUSED)
                .naming("3 keys of millrace-sink", "--yes");
        assertThat(client.call("DBSIZE")).isEqualTo(6L);
        assertThat(printed(ExitStatus.OK, "finish", "--target", uri(target), "--yes"))
                .contains("3 keys were removed", "2 keys of other sinks stay");
        assertThat(printed(ExitStatus.OK, "finish", "--target", uri(target), "--yes", "--all"))
                .contains("2 keys were removed");
        assertThat(client.call("KEYS", "*")).asList().hasSize(1);
        assertThat(printed(ExitStatus.OK, "finish", "--target", uri(target), "--yes"))
                .contains("There is nothing of");
    }

    @Test
    void aSinkThatIsConnectedIsNotCutOff() throws IOException {
        mark("k");
        try (RespClient sink = target.connect()) {
            sink.call("CLIENT", "SETNAME", "millrace-1234");
            Ran.millrace("finish", "--target", uri(target), "--yes")
                    .failsWith(ExitStatus.REFUSED)
                    .naming("still connected", "--force");
            assertThat(printed(ExitStatus.OK, "finish", "--target", uri(target), "--yes", "--force"))
                    .contains("1 keys were removed");
        }
    }

    @Test
    void aClusterIsLookedThroughWhole() {
        try (LocalCluster cluster = LocalCluster.start(ServerVersion.standard())) {
            for (int slot : new int[] {5, 6_000, 12_000}) {
                String tag = new String(SlotTag.of(slot), StandardCharsets.US_ASCII);
                cluster.masterOf(slot).command("SET", "__millrace:checkpoint:{" + tag + "}:millrace-sink:t-0", "1");
            }
            byte[] hash = DirtyKey.hashOf("millrace-sink");
            DirtyKey key = new DirtyKey(0, new byte[] {'k'});
            cluster.masterOf(HashSlot.of(hash))
                    .command("HSET", hash, key.field(), new DirtyMark("0", 1, 2, "t-0@1", "SET", "why").text());
            String seed = uri(cluster.masters().get(0));
            assertThat(printed(ExitStatus.DIFFERENT, "dirty", "--target", seed)).contains("why");
            assertThat(printed(ExitStatus.OK, "finish", "--target", seed, "--yes"))
                    .contains("4 keys were removed");
            assertThat(cluster.masters())
                    .allSatisfy(master ->
                            assertThat((List<?>) master.command("KEYS", "*")).isEmpty());
        }
    }
}
