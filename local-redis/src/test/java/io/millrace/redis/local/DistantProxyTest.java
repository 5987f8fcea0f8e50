package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DistantProxyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static LocalServer server;

    @BeforeAll
    static void start() {
        server = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anAnswerTakesARoundTrip() throws Exception {
        try (DistantProxy proxy = DistantProxy.to(server.port(), Duration.ofMillis(200));
                RespClient client = connect(proxy)) {
            long begin = System.nanoTime();
            assertThat(client.call("PING")).isEqualTo("PONG");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void manyOnTheirWayTakeOneRoundTrip() throws Exception {
        try (DistantProxy proxy = DistantProxy.to(server.port(), Duration.ofMillis(200));
                RespClient client = connect(proxy)) {
            long begin = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                client.send("ECHO", "reply " + i);
            }
            client.flush();
            for (int i = 0; i < 1000; i++) {
                assertThat(new String((byte[]) client.receive(), java.nio.charset.StandardCharsets.US_ASCII))
                        .isEqualTo("reply " + i);
            }
            // One after the other they would take 200 s.
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(60));
        }
    }

    @Test
    void passesMoreThanIsOnTheWayAtOnce() throws Exception {
        byte[] value = new byte[3 * DistantProxy.WINDOW];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) (i * 31);
        }
        try (DistantProxy proxy = DistantProxy.to(server.port(), Duration.ofMillis(20));
                RespClient client = connect(proxy)) {
            assertThat(client.call("SET", "large", value)).isEqualTo("OK");
            assertThat((byte[]) client.call("GET", "large")).isEqualTo(value);
        }
    }

    @Test
    void endsWithEitherSide() throws Exception {
        try (DistantProxy proxy = DistantProxy.to(server.port(), Duration.ofMillis(10));
                RespClient client = connect(proxy)) {
            client.call("PING");
            proxy.close();
            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
        }
    }

    private static RespClient connect(DistantProxy proxy) throws IOException {
        return RespClient.tcp(LocalServer.HOST, proxy.port(), PATIENCE);
    }
}
