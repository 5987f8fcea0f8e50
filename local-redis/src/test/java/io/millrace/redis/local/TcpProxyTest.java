package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
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
    void passesAndCountsBytes() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server.port());
                RespClient client = connect(proxy, 5000)) {
            assertThat(client.call("PING")).isEqualTo("PONG");
            // bytes are counted once they are passed on: the reply can be here before
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(proxy.bytesToServer()).isEqualTo("*1\r\n$4\r\nPING\r\n".length());
                assertThat(proxy.bytesToClient()).isEqualTo("+PONG\r\n".length());
            });
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void stallsAndGoesOn() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server.port());
                RespClient client = connect(proxy, 200)) {
            client.call("PING");
            proxy.stall();
            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(SocketTimeoutException.class);
            proxy.pass();
            assertThat(client.receive()).isEqualTo("PONG");
        }
    }

    @Test
    void cutsAndAcceptsAgain() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(server.port())) {
            try (RespClient client = connect(proxy, 5000)) {
                client.call("PING");
                proxy.cut();
                assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
            }
            proxy.refuse();
            try (RespClient client = connect(proxy, 5000)) {
                assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
            }
            proxy.pass();
            try (RespClient client = connect(proxy, 5000)) {
                assertThat(client.call("PING")).isEqualTo("PONG");
            }
        }
    }

    @Test
    void cutsAtAGivenByte() throws Exception {
        server.command("SET", "k", "0123456789");
        try (TcpProxy proxy = TcpProxy.to(server.port());
                RespClient client = connect(proxy, 5000)) {
            proxy.cutAfterBytesToClient(9);
            assertThatThrownBy(() -> client.call("GET", "k")).isInstanceOf(IOException.class);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(proxy.bytesToClient()).isEqualTo(9));
        }
    }

    @Test
    void slowsDown() throws Exception {
        server.command("SETRANGE", "large", 49_999, "x");
        try (TcpProxy proxy = TcpProxy.to(server.port());
                RespClient client = connect(proxy, 5000)) {
            proxy.slow(100_000);
            long start = System.nanoTime();
            assertThat((byte[]) client.call("GET", "large")).hasSize(50_000);
            // Half a second, a little less for the portion that passes first.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void aServerThatIsGoneEndsTheConnection() throws Exception {
        try (LocalServer other = LocalServer.start(ServerVersion.standard());
                TcpProxy proxy = TcpProxy.to(other.port())) {
            other.stop();
            try (RespClient client = connect(proxy, 5000)) {
                assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
            }
            proxy.redirect(server.port());
            try (RespClient client = connect(proxy, 5000)) {
                assertThat(client.call("PING")).isEqualTo("PONG");
            }
        }
    }

    private static RespClient connect(TcpProxy proxy, int timeoutMillis) throws IOException {
        return RespClient.tcp(LocalServer.HOST, proxy.port(), Duration.ofMillis(timeoutMillis));
    }
}
