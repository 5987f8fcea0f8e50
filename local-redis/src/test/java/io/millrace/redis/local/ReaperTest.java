package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaperTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serversEndWithTheirJvm(boolean killed) throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = jvm.inputReader()) {
            Path closed = Path.of(out.readLine());
            Path left = Path.of(out.readLine());
            int port = Integer.parseInt(out.readLine());
            assertThat(closed).doesNotExist();
            assertThat(left).exists();
            RespClient.tcp(LocalServer.HOST, port, Duration.ofSeconds(5)).close();
            if (killed) {
                jvm.destroyForcibly().waitFor();
            } else {
                jvm.getOutputStream().close();
                assertThat(jvm.waitFor()).isZero();
            }
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                // Not by process id: where nobody collects orphans, they stay in the process table.
                assertThatThrownBy(() -> RespClient.tcp(LocalServer.HOST, port, Duration.ofSeconds(5)))
                        .isInstanceOf(ConnectException.class);
                assertThat(Files.exists(left)).isFalse();
            });
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** Starts two servers, closes one, and waits for the end of its input. */
    static final class Starter {
        public static void main(String[] args) throws Exception {
            LocalServer closed = LocalServer.start(ServerVersion.standard());
            LocalServer left = LocalServer.start(ServerVersion.standard());
            closed.close();
            System.out.println(closed.directory());
            System.out.println(left.directory());
            System.out.println(left.port());
            System.in.read();
        }
    }
}
