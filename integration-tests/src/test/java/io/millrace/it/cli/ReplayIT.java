package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.RedisUri;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that is lost while the source is gone: the log in the data directory has everything. */
class ReplayIT {

    private static final int ROUND = 500;

    @TempDir
    Path directory;

    @Test
    void rebuildsTheTargetAsItWasAtTheEndAndAsItWasBefore() throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer target = LocalServer.start(ServerVersion.standard());
                LocalServer witness = LocalServer.start(ServerVersion.standard())) {
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, 3);
                populator.everyType();
                populator.mixed(3_000);
            }
            Instant between = migrate(source, target);
            follow(witness, source);
            source.close();

            try (Callers callers = Callers.at(source.port())) {
                assertThat(target.command("FLUSHALL")).isNotNull();
                replay(0, target, "--from-start");
                assertEqual(witness, target);
                assertThat(counter(target)).isEqualTo(2 * ROUND);

                assertThat(replay(3, target, "--from-start"))
                        .last()
                        .asString()
                        .contains("holds keys", "--flush-target", "--apply-twice");
                assertThat(counter(target)).isEqualTo(2 * ROUND);

                replay(0, target, "--from-start", "--flush-target", "--until-time", between.toString());
                assertThat(counter(target)).isEqualTo(ROUND);
                assertThat(target.command("LLEN", "replay:list")).isEqualTo((long) ROUND);
                assertThat(target.command("EXISTS", "replay:later")).isEqualTo(0L);

                target.command("FLUSHALL");
                assertThat(replay(3, target, "--to-time", between.toString()))
                        .last()
                        .asString()
                        .contains("No complete snapshot begins", "--from-start");
                assertThat(target.command("DBSIZE")).isEqualTo(0L);
                assertThat(callers.count()).as("connections to the source").isZero();
            }
        }
    }

    /** Copies, and follows two rounds of writes; returns a time between the two. */
    private Instant migrate(LocalServer source, LocalServer target) throws Exception {
        try (MillraceProcess running = MillraceProcess.start(
                "migrate",
                "--json",
                "--source",
                source.uri(),
                "--target",
                target.uri(),
                "--data-dir",
                directory.resolve("data").toString())) {
            running.awaitStream();
            write(source);
            await().atMost(MillraceProcess.PATIENCE).until(() -> counter(target) == ROUND);
            Instant between = Instant.now();
            source.command("SET", "replay:later", "1");
            write(source);
            await().atMost(MillraceProcess.PATIENCE).until(() -> counter(target) == 2 * ROUND);
            running.interrupt();
            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(130);
            return between;
        }
    }

    private static void write(LocalServer source) throws IOException {
        try (RespClient client = source.connect()) {
            for (int i = 0; i < ROUND; i++) {
                client.call("RPUSH", "replay:list", i);
                client.call("APPEND", "replay:text", "x");
                client.call("MULTI");
                client.call("ZINCRBY", "replay:scores", "1.5", "m" + i % 7);
                client.call("SET", "replay:expiring:" + i, i, "PX", 3_600_000);
                client.call("INCR", "replay:counter");
                client.call("EXEC");
            }
        }
    }

    private static void follow(LocalServer replica, LocalServer master) {
        replica.command("REPLICAOF", LocalServer.HOST, master.port());
        await().atMost(MillraceProcess.PATIENCE)
                .until(() -> new String((byte[]) replica.command("INFO", "replication"), StandardCharsets.UTF_8)
                        .contains("master_link_status:up"));
        replica.command("REPLICAOF", "NO", "ONE");
    }

    private List<String> replay(int exitCode, LocalServer target, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "replay",
                "--json",
                "--target",
                target.uri(),
                "--data-dir",
                directory.resolve("data").toString()));
        arguments.addAll(List.of(more));
        try (MillraceProcess running = MillraceProcess.start(arguments.toArray(new String[0]))) {
            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(exitCode);
            return running.out();
        }
    }

    private static long counter(LocalServer server) {
        byte[] value = (byte[]) server.command("GET", "replay:counter");
        return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.UTF_8));
    }

    private static void assertEqual(LocalServer expected, LocalServer actual) throws InterruptedException {
        VerifyReport report =
                KeyspaceComparison.between(endpoint(expected), endpoint(actual)).run();
        assertThat(report.isEqual()).as("%s", String.join("\n", report.lines())).isTrue();
        assertThat(report.keysCompared()).isGreaterThan(3_000);
    }

    private static RedisEndpoint endpoint(LocalServer server) {
        return RedisUri.parse(server.uri()).endpoint(Topology.STANDALONE);
    }
}
