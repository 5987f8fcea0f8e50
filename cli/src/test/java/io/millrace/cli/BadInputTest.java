package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake is one sentence that names the thing and the next step, before anything is started or written. */
class BadInputTest {
    private static LocalServer source;
    private static LocalServer target;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        source = LocalServer.of(ServerVersion.standard())
                .user("reader", "reader-secret", "on ~* +@all -psync")
                .user("mover", "mover-secret", "on -@all +psync +replconf +ping +info +command +select")
                .start();
        target = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stop() {
        source.close();
        target.close();
    }

    @Test
    void anUnknownOption() {
        Ran.millrace("migrate", "--sorce", "redis://a", "--target", "redis://b")
                .failsWith(ExitStatus.USAGE)
                .naming("--sorce", "--source");
    }

    @Test
    void aMissingOption() {
        Ran.millrace("migrate", "--source", "redis://a")
                .failsWith(ExitStatus.USAGE)
                .naming("--target", "--help");
    }

    @Test
    void anAddressThatIsNone() {
        Ran.millrace("migrate", "--source", "redis:/typo", "--target", target.uri())
                .failsWith(ExitStatus.USAGE)
                .naming("--source", "//", "redis://");
    }

    @Test
    void sentinelsThatAreNone() {
        migrate("redis+sentinel://127.0.0.1:" + source.port() + "/mymaster", target.uri())
                .failsWith(ExitStatus.REFUSED)
                .naming("source", "no sentinel", "the hosts are sentinels");
        migrate("redis+sentinel://127.0.0.1:" + source.port(), target.uri())
                .failsWith(ExitStatus.USAGE)
                .naming("--source", "name of the master is missing");
        migrate(source.uri(), target.uri(), "--source-sentinel-user", "x")
                .failsWith(ExitStatus.USAGE)
                .naming("--source-sentinel-user", "redis+sentinel://");
    }

    @Test
    void aScanThatIsToFollow() {
        migrate(source.uri(), target.uri(), "--scan")
                .failsWith(ExitStatus.USAGE)
                .naming("--scan", "--full-only");
    }

    @Test
    void aSettingThatIsTheCommandsOwn() {
        migrate(source.uri(), target.uri(), "--source-config", "topic=mine")
                .failsWith(ExitStatus.USAGE)
                .naming("--source-config", "topic", "millrace help migrate");
        migrate(source.uri(), target.uri(), "--sink-config", "redis.password=secret")
                .failsWith(ExitStatus.USAGE)
                .naming("--sink-config", "redis.password");
    }

    @Test
    void aSettingWithoutAValue() {
        migrate(source.uri(), target.uri(), "--sink-config", "batch.max.bytes")
                .failsWith(ExitStatus.USAGE)
                .naming("--sink-config", "NAME=VALUE");
    }

    @Test
    void aCredentialProviderAndAPassword() throws IOException {
        migrate(
                        source.uri(),
                        target.uri(),
                        "--source-password-file",
                        password("reader-secret"),
                        "--source-credentials",
                        "environment",
                        "--source-credentials-option",
                        "password=HOME")
                .failsWith(ExitStatus.USAGE)
                .naming("--source-credentials environment", "--source-password-file", "keep one of the two");
    }

    @Test
    void aCredentialProviderWhoseLoginIsWrong() throws IOException {
        Ran.millrace(
                        "dirty",
                        "--target",
                        source.uri(),
                        "--target-user",
                        "mover",
                        "--target-credentials",
                        "file",
                        "--target-credentials-option",
                        "password.path=" + password("wrong"))
                .failsWith(ExitStatus.REFUSED)
                .naming("target", "refused the login", "--target-credentials-option");
        Ran.millrace(
                        "cross-slot",
                        "--source",
                        source.uri(),
                        "--source-credentials",
                        "environment",
                        "--source-credentials-option",
                        "password=MILLRACE_NOT_SET")
                .failsWith(ExitStatus.FAILED)
                .naming("MILLRACE_NOT_SET");
    }

    @Test
    void aSecretOfAProviderThatAWorkerOfOnesOwnWouldStore() {
        migrate(source.uri(), target.uri(), "--sink-config", "redis.credentials.entra-id.client.secret=clear")
                .failsWith(ExitStatus.USAGE)
                .naming("--sink-config", "redis.credentials.entra-id.client.secret");
    }

    @Test
    void anUnreachableHost() {
        migrate("redis://no-such-host.invalid:6379", target.uri())
                .failsWith(ExitStatus.REFUSED)
                .naming("source", "no-such-host.invalid:6379", "--source");
    }

    @Test
    void aPortWhereNobodyListens() {
        migrate(source.uri(), "redis://127.0.0.1:1")
                .failsWith(ExitStatus.REFUSED)
                .naming("target", "127.0.0.1:1", "--target");
    }

    @Test
    void aWrongPassword() throws IOException {
        migrate(source.uri(), target.uri(), "--source-user", "mover", "--source-password-file", password("wrong"))
                .failsWith(ExitStatus.REFUSED)
                .naming("source", source.uri(), "refused the login", "MILLRACE_SOURCE_PASSWORD");
    }

    @Test
    void aUserWithoutTheRightToReplicate() throws IOException {
        assumeTrue(source.version().isRedisAtLeast(6, 2), "before 6.2 the right shows only when replication begins");
        migrate(
                        source.uri(),
                        target.uri(),
                        "--source-user",
                        "reader",
                        "--source-password-file",
                        password("reader-secret"))
                .failsWith(ExitStatus.REFUSED)
                .naming("reader", "+psync", source.uri());
    }

    @Test
    void aSourceThatIsTheTargetUnderAnotherName() {
        migrate("redis://localhost:" + target.port(), "redis://127.0.0.1:" + target.port())
                .failsWith(ExitStatus.REFUSED)
                .naming("same server", "--target");
    }

    @Test
    void aTargetThatHoldsKeys() throws IOException {
        try (LocalServer full = LocalServer.start(ServerVersion.standard())) {
            full.command("SET", "one", "1");
            full.command("SET", "two", "2");
            migrate(
                            source.uri(),
                            full.uri(),
                            "--source-user",
                            "mover",
                            "--source-password-file",
                            password("mover-secret"))
                    .failsWith(ExitStatus.REFUSED)
                    .naming(full.uri(), "2 keys", "--on-conflict overwrite");
            assertThat(full.command("DBSIZE")).isEqualTo(2L);
        }
    }

    @Test
    void keysThatAreToStayAndToGo() {
        migrate(source.uri(), source.uri(), "--on-conflict", "skip", "--ghosts", "remove")
                .failsWith(ExitStatus.USAGE)
                .naming("--on-conflict skip", "--ghosts report");
    }

    @Test
    void aClusterThatIsDown() throws IOException {
        try (LocalServer alone = LocalServer.of(ServerVersion.standard())
                .config("cluster-enabled yes")
                .start()) {
            migrate(
                            source.uri(),
                            alone.uri(),
                            "--source-user",
                            "mover",
                            "--source-password-file",
                            password("mover-secret"))
                    .failsWith(ExitStatus.REFUSED)
                    .naming("cluster", alone.uri(), "slot");
            migrate(alone.uri(), target.uri())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("source", alone.uri(), "cluster", "slot");
            Ran.millrace("cross-slot", "--source", alone.uri())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("source", alone.uri(), "cluster", "standalone");
        }
    }

    @Test
    void aSourceThatIsTooOld() throws IOException {
        try (OldServer old = new OldServer("3.2.12")) {
            migrate("redis://127.0.0.1:" + old.port(), target.uri())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("Redis 3.2.12", "4.0");
        }
    }

    @Test
    void aDataDirectoryOfAnotherMigration() throws IOException {
        Files.writeString(
                directory.resolve("migration.json"), "{\"source\":\"redis://x:1\",\"target\":\"redis://y:2\"}");
        migrate(source.uri(), target.uri()).failsWith(ExitStatus.USAGE).naming("redis://x:1", "--data-dir");
    }

    @Test
    void aDataDirectoryThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        Ran.millrace("migrate", "--source", source.uri(), "--target", target.uri(), "--data-dir", file + "/below")
                .failsWith(ExitStatus.REFUSED)
                .naming(file.toString(), "--data-dir");
    }

    @Test
    void machinesGetTheSameAsJson() {
        Ran ran = migrate(source.uri(), "redis://127.0.0.1:1", "--json");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("\"event\":\"error\"", "\"exitCode\":3", "127.0.0.1:1");
    }

    private String password(String text) throws IOException {
        return Files.writeString(directory.resolve("password"), text + "\n").toString();
    }

    private Ran migrate(String from, String to, String... more) {
        String[] arguments = {"migrate", "--source", from, "--target", to, "--data-dir", directory.toString()};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return Ran.millrace(all);
    }
}
