package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.RedisUri;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace migrate} from a cluster of three masters. */
class MigrateClusterIT {
    private static final int KEYS = 3_000;

    @TempDir
    Path directory;

    private LocalCluster source;
    private LocalServer target;

    @BeforeEach
    void start() {
        source = LocalCluster.start(ServerVersion.standard());
        target = LocalServer.start(ServerVersion.standard());
    }

    @AfterEach
    void stop() {
        source.close();
        target.close();
    }

    @Test
    void copiesOnceAndEnds() throws Exception {
        write("key:", KEYS);
        try (MillraceProcess printed = migrate("--print-config")) {
            assertThat(printed.awaitExit()).as(printed.toString()).isZero();
            assertThat(String.join("\n", printed.out()))
                    .contains("\"redis.topology\" : \"cluster\"", "\"topic.creation.default.partitions\" : \"12\"");
        }
        try (MillraceProcess copy = migrate("--full-only")) {
            assertThat(copy.awaitExit()).as(copy.toString()).isZero();
        }
        assertEqual();
        try (MillraceProcess refused = migrate("--source-config", "topic.partitions=24")) {
            assertThat(refused.awaitExit()).as(refused.toString()).isEqualTo(3);
            assertThat(refused.toString()).contains("has 12 partitions", "--source-config topic.partitions=12");
        }
        try (MillraceProcess verify = MillraceProcess.start("verify", "--source", seeds(), "--target", target.uri())) {
            assertThat(verify.awaitExit()).as(verify.toString()).isZero();
        }
        try (MillraceProcess again = migrate("--full-only")) {
            assertThat(again.awaitExit()).as(again.toString()).isZero();
        }
    }

    /** As where a service permits no replication. */
    @Test
    void scansAllShardsAndEnds() throws Exception {
        for (LocalServer node : source.nodes()) {
            node.command("ACL", "SETUSER", "default", "-psync", "-sync", "-replconf");
        }
        write("key:", KEYS);
        try (MillraceProcess refused = migrate("--full-only")) {
            assertThat(refused.awaitExit()).as(refused.toString()).isEqualTo(3);
            assertThat(refused.toString()).contains("may not replicate", "--full-only --scan");
        }
        try (MillraceProcess copy = migrate("--full-only", "--scan")) {
            assertThat(copy.awaitExit()).as(copy.toString()).isZero();
            assertThat(copy.out()).anyMatch(line -> line.contains("\"keysTotal\":" + KEYS));
            String last = copy.out().get(copy.out().size() - 1);
            assertThat(last).contains("\"event\":\"stopped\"", "\"recordsLeft\":0");
            assertThat(last.split("\"shard\":", -1)).hasSize(4);
        }
        assertEqual();
        try (MillraceProcess again = migrate("--full-only", "--scan")) {
            assertThat(again.awaitExit()).as(again.toString()).isZero();
        }
    }

    @Test
    void followsAllShardsDrainsOnInterruptAndGoesOn() throws Exception {
        write("key:", KEYS);
        try (MillraceProcess first = migrate()) {
            first.awaitStream();
            assertThat(arrived("key:", KEYS)).isTrue();
            write("live:", 300);
            first.interrupt();
            assertStopped(first);
        }
        write("away:", 300);
        try (MillraceProcess second = migrate()) {
            await().atMost(MillraceProcess.PATIENCE).until(() -> arrived("away:", 300));
            write("again:", 300);
            await().atMost(MillraceProcess.PATIENCE).until(() -> arrived("again:", 300));
            await().atMost(MillraceProcess.PATIENCE)
                    .until(() -> second.out().get(second.out().size() - 1).contains("\"lagMillis\":0"));
            second.interrupt();
            assertStopped(second);
            // Nothing was copied anew.
            assertThat(second.out()).last().asString().doesNotContain("\"generation\":2");
        }
        assertEqual();
    }

    private static void assertStopped(MillraceProcess process) throws InterruptedException {
        assertThat(process.awaitExit()).as(process.toString()).isEqualTo(130);
        String last = process.out().get(process.out().size() - 1);
        assertThat(last).contains("\"event\":\"stopped\"", "\"recordsLeft\":0", "\"shards\":[");
        assertThat(last.split("\"shard\":", -1)).hasSize(4);
        assertThat(process.err()).isEmpty();
    }

    private void write(String prefix, int count) throws IOException {
        Map<LocalServer, List<String>> keys = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = prefix + i;
            keys.computeIfAbsent(
                            source.masterOf(HashSlot.of(key.getBytes(StandardCharsets.US_ASCII))),
                            master -> new ArrayList<>())
                    .add(key);
        }
        assertThat(keys).hasSize(3);
        for (Map.Entry<LocalServer, List<String>> of : keys.entrySet()) {
            try (RespClient client = of.getKey().connect()) {
                for (String key : of.getValue()) {
                    client.call("SET", key, "value of " + key);
                }
            }
        }
    }

    private boolean arrived(String prefix, int count) {
        String[] command = IntStream.rangeClosed(0, count)
                .mapToObj(i -> i == 0 ? "EXISTS" : prefix + (i - 1))
                .toArray(String[]::new);
        return target.command((Object[]) command).equals((long) count);
    }

    private void assertEqual() throws InterruptedException {
        VerifyReport report = KeyspaceComparison.between(
                        RedisUri.parse(seeds()).endpoint(Topology.CLUSTER),
                        RedisUri.parse(target.uri()).endpoint(Topology.STANDALONE))
                .run();
        assertThat(report.isEqual()).as(report.lines().toString()).isTrue();
    }

    private String seeds() {
        return "redis://127.0.0.1:" + source.masters().get(1).port() + ",127.0.0.1:"
                + source.masters().get(0).port();
    }

    private MillraceProcess migrate(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "migrate",
                "--json",
                "--source",
                seeds(),
                "--target",
                target.uri(),
                "--data-dir",
                directory.resolve("data").toString()));
        arguments.addAll(List.of(more));
        return MillraceProcess.start(arguments.toArray(String[]::new));
    }
}
