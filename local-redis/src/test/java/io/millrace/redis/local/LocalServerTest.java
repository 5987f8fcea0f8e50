package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalServerTest {
    @ParameterizedTest
    @EnumSource
    void startsEveryVersionThatIsHere(ServerVersion version) {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer server = LocalServer.start(version)) {
            String info = text(server.command("INFO", "server"));
            String field = version.isValkey() ? "valkey_version:" : "redis_version:";
            assertThat(info)
                    .contains(field + version.id().substring(version.id().indexOf('-') + 1) + ".");
        }
    }

    @Test
    void embeddedVersionsNeedNoFetching() {
        assertThat(ServerVersion.REDIS_6_2.available()).isPresent();
        assertThat(ServerVersion.REDIS_7_0.available()).isPresent();
    }

    @Test
    void passwordsAreRequiredAndStayOffTheProcessList() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .password("open \"sesame\"")
                        .user("reader", "s3cret", "~* +@read")
                        .start();
                RespClient stranger = RespClient.tcp(LocalServer.HOST, server.port(), Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> stranger.call("GET", "k")).hasMessageContaining("NOAUTH");
            assertThat(stranger.call("AUTH", "open \"sesame\"")).isEqualTo("OK");
            assertThat(stranger.call("AUTH", "reader", "s3cret")).isEqualTo("OK");
            assertThatThrownBy(() -> stranger.call("SET", "k", "v")).hasMessageContaining("NOPERM");
            assertThat(ProcessHandle.allProcesses()
                            .map(p -> p.info().commandLine())
                            .flatMap(Optional::stream))
                    .noneMatch(line -> line.contains("sesame") || line.contains("s3cret"));
        }
    }

    @Test
    void restartKeepsDataAndPortAndReplicasContinue() {
        try (LocalServer master = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(master)
                        .start()) {
            master.command("SET", "k", "v");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(replica.command("GET", "k")).isNotNull());
            int port = master.port();
            master.restart();
            assertThat(master.port()).isEqualTo(port);
            assertThat(text(master.command("GET", "k"))).isEqualTo("v");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(master.log()).contains("Partial resynchronization request from"));
        }
    }

    @Test
    void killLosesWhatIsNotInTheAppendOnlyFile() {
        try (LocalServer volatileOne = LocalServer.start(ServerVersion.standard());
                LocalServer durable =
                        LocalServer.of(ServerVersion.standard()).appendOnly().start()) {
            for (LocalServer server : new LocalServer[] {volatileOne, durable}) {
                server.command("SET", "k", "v");
                server.kill9();
                assertThat(server.isRunning()).isFalse();
                assertThatThrownBy(() -> RespClient.tcp(LocalServer.HOST, server.port(), Duration.ofSeconds(1)))
                        .isInstanceOf(ConnectException.class);
                server.start();
            }
            assertThat(volatileOne.command("GET", "k")).isNull();
            assertThat(text(durable.command("GET", "k"))).isEqualTo("v");
        }
    }

    @Test
    void pauseHoldsRepliesBack() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = RespClient.tcp(LocalServer.HOST, server.port(), Duration.ofMillis(200))) {
            server.pause();
            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(SocketTimeoutException.class);
            server.resume();
            assertThat(client.receive()).isEqualTo("PONG");
        }
    }

    @Test
    void replicatesFromAMasterWithAPassword() {
        try (LocalServer master =
                        LocalServer.of(ServerVersion.REDIS_6_2).password("pw").start();
                LocalServer replica = LocalServer.of(ServerVersion.REDIS_6_2)
                        .replicaOf(master)
                        .start()) {
            master.command("SET", "k", "v");
            // until it has the key, the replica answers nil, or that it is loading
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(text(replica.command("GET", "k"))).isEqualTo("v"));
        }
    }

    @Test
    void aServerThatCannotStartSaysWhy() {
        assertThatThrownBy(() -> LocalServer.of(ServerVersion.standard())
                        .config("no-such-directive yes")
                        .start())
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("ended at once")
                .hasMessageContaining("no-such-directive");
    }

    @Test
    void aTakenFixedPortIsAnError() {
        try (LocalServer first = LocalServer.start(ServerVersion.standard())) {
            assertThatThrownBy(() -> LocalServer.of(ServerVersion.standard())
                            .port(first.port())
                            .start())
                    .hasMessageContaining("Could not create server TCP listening socket");
        }
    }

    @Test
    void closeRemovesProcessAndDirectory() {
        LocalServer server = LocalServer.start(ServerVersion.standard());
        server.pause();
        server.close();
        assertThat(server.isRunning()).isFalse();
        assertThat(Files.exists(server.directory())).isFalse();
        server.close();
    }

    static String text(Object reply) {
        return reply == null ? null : new String((byte[]) reply, StandardCharsets.ISO_8859_1);
    }
}
