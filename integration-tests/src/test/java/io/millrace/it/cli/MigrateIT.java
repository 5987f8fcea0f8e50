package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.RedisUri;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalSentinels;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateIT {
    private static final String SECRET = "source-secret-3141592";

    @TempDir
    Path directory;

    private LocalServer source;
    private LocalServer target;

    @BeforeEach
    void start() {
        source = LocalServer.of(ServerVersion.standard()).password(SECRET).start();
        target = LocalServer.start(ServerVersion.standard());
    }

    @AfterEach
    void stop() {
        source.close();
        target.close();
    }

    @Test
    void goesOnAfterKillsInTheSnapshotAndInTheStreamAndDrainsOnInterrupt() throws Exception {
        fill(60_000);

        try (MillraceProcess first = migrate(target.uri())) {
            await().atMost(MillraceProcess.PATIENCE).until(() -> (Long) target.command("DBSIZE") > 0);
            first.kill9();
        }
        source.command("SET", "while:away", "1");
        try (MillraceProcess second = migrate(target.uri())) {
            second.awaitStream();
            source.command("SET", "live", "1");
            awaitValue("live");
            second.kill9();
        }
        source.command("SET", "while:away:again", "1");
        try (MillraceProcess third = migrate(target.uri())) {
            awaitValue("while:away:again");
            third.interrupt();
            assertThat(third.awaitExit()).as(third.toString()).isEqualTo(130);
            assertThat(third.out()).last().asString().contains("\"event\":\"stopped\"", "\"recordsLeft\":0");
            assertThat(third.err()).isEmpty();
        }
        assertThat(compare(source, target)).returns(true, VerifyReport::isEqual);
        assertThat(MillraceProcess.contents(directory.resolve("data"))).doesNotContain(SECRET);
    }

    @Test
    void copiesIntoAClusterAndEnds() throws Exception {
        try (RespClient client = source.connect()) {
            new Populator(client, 3).mixed(5_000);
        }
        try (LocalCluster cluster = LocalCluster.start(ServerVersion.standard())) {
            String seeds = "redis://127.0.0.1:" + cluster.masters().get(1).port() + ",127.0.0.1:"
                    + cluster.masters().get(0).port();
            try (MillraceProcess copy = migrate(seeds, "--full-only")) {
                assertThat(copy.awaitExit()).as(copy.toString()).isZero();
            }
            VerifyReport report = new KeyspaceComparison(
                            RedisUri.parse("redis://:" + SECRET + "@127.0.0.1:" + source.port())
                                    .endpoint(Topology.STANDALONE),
                            RedisUri.parse(seeds).endpoint(Topology.CLUSTER),
                            VerifyOptions.defaults())
                    .run();
            assertThat(report.lines()).isNotEmpty();
            assertThat(report.isEqual()).as(report.lines().toString()).isTrue();

            try (MillraceProcess again = migrate(seeds, "--full-only")) {
                assertThat(again.awaitExit()).as(again.toString()).isZero();
            }
        }
    }

    @Test
    void copiesWithoutReplication() throws Exception {
        fill(2_000);
        source.command(
                "ACL",
                "SETUSER",
                "reader",
                "on",
                ">" + SECRET,
                "~*",
                "+@read",
                "+info",
                "+select",
                "+function|list",
                "-psync");
        String[] more = {"--full-only", "--source-user", "reader"};
        try (MillraceProcess refused = migrate(target.uri(), more)) {
            assertThat(refused.awaitExit()).as(refused.toString()).isEqualTo(3);
            assertThat(refused.toString()).contains("may not replicate", "--full-only --scan");
        }
        try (MillraceProcess copy = migrate(target.uri(), "--full-only", "--source-user", "reader", "--scan")) {
            assertThat(copy.awaitExit()).as(copy.toString()).isZero();
        }
        VerifyReport report = compare(source, target);
        assertThat(report.isEqual()).as(report.lines().toString()).isTrue();
    }

    @Test
    void followsSentinelsAndWritesToAUnixSocket() throws Exception {
        fill(1_000);
        try (LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .password(SECRET)
                        .replicaOf(source)
                        .start();
                LocalSentinels sentinels = LocalSentinels.watching(source, 1)) {
            String from = "redis+sentinel://" + sentinels.hosts() + "/" + LocalSentinels.MASTER;
            String to = "unix://" + target.unixSocket();
            String[] arguments = arguments(to);
            arguments[3] = from;
            try (MillraceProcess running = MillraceProcess.start(arguments)) {
                running.awaitStream();
                source.command("SET", "before", "1");
                awaitValue("before");
                sentinels.failover();
                replica.command("SET", "after", "1");
                awaitValue("after");
                running.interrupt();
                assertThat(running.awaitExit()).as(running.toString()).isEqualTo(130);
                assertThat(running.out()).last().asString().contains("\"generation\":1", "\"recordsLeft\":0");
            }
            assertThat(compare(replica, target)).returns(true, VerifyReport::isEqual);
            try (MillraceProcess verify = MillraceProcess.start(
                    "verify", "--source", from, "--source-password-file", arguments[5], "--target", to)) {
                assertThat(verify.awaitExit()).as(verify.toString()).isZero();
            }
        }
    }

    @Test
    void aTaskThatFailsEndsTheCommandWithItsSentence() throws Exception {
        source.command("SET", "before", "1");
        try (MillraceProcess running = migrate(target.uri())) {
            running.awaitStream();
            // The target now refuses what the source accepts: the key has another type there.
            target.command("DEL", "before");
            target.command("RPUSH", "before", "a list");
            source.command("APPEND", "before", "2");

            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(1);
            assertThat(running.out()).last().asString().contains("\"event\":\"error\"", "sink", "before");
            assertThat(running.err()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void keysOfTheTargetStayWithSkipUntilTheSourceMustBeCopiedAnew() throws Exception {
        source.command("SET", "both", "of the source");
        source.command("SET", "fresh", "1");
        target.command("SET", "both", "of the target");
        try (MillraceProcess running = migrate(target.uri(), "--on-conflict", "skip")) {
            running.awaitStream();
            source.command("SET", "later", "1");
            awaitValue("later");
            assertThat(target.command("GET", "both")).isEqualTo("of the target".getBytes(StandardCharsets.UTF_8));
            assertThat(target.command("GET", "fresh")).isEqualTo("1".getBytes(StandardCharsets.UTF_8));
            source.kill9();
            source.start();

            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(1);
            assertThat(running.out())
                    .last()
                    .asString()
                    .contains("\"event\":\"error\"", "another snapshot", "conflict.policy=overwrite");
        }
        assertThat(directory.resolve("data").resolve("spool")).isEmptyDirectory();
    }

    @Test
    void aFullDiskEndsTheCommandWithASentence() throws Exception {
        fill(60_000);
        try (RespClient client = source.connect()) {
            new Populator(client, 5).bigString("big", 64 << 20);
        }
        try (MillraceProcess running = MillraceProcess.startWithFileLimit(16 << 10, arguments(target.uri()))) {
            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(1);
            assertThat(running.out()).last().asString().contains("\"event\":\"error\"", "data", "go on");
        }
    }

    private void fill(int keys) throws IOException {
        try (RespClient client = source.connect()) {
            Populator populator = new Populator(client, 3);
            populator.everyType();
            populator.mixed(keys);
        }
    }

    private void awaitValue(String key) {
        await().atMost(MillraceProcess.PATIENCE).until(() -> target.command("GET", key) != null);
    }

    private MillraceProcess migrate(String to, String... more) throws IOException {
        String[] base = arguments(to);
        String[] all = Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return MillraceProcess.start(all);
    }

    private String[] arguments(String to) throws IOException {
        Path password = directory.resolve("password");
        Files.writeString(password, SECRET + "\n");
        return new String[] {
            "migrate",
            "--json",
            "--source",
            source.uri(),
            "--source-password-file",
            password.toString(),
            "--target",
            to,
            "--data-dir",
            directory.resolve("data").toString()
        };
    }

    private static VerifyReport compare(LocalServer source, LocalServer target) throws InterruptedException {
        return KeyspaceComparison.between(
                        RedisUri.parse("redis://:" + SECRET + "@127.0.0.1:" + source.port())
                                .endpoint(Topology.STANDALONE),
                        RedisUri.parse(target.uri()).endpoint(Topology.STANDALONE))
                .run();
    }
}
