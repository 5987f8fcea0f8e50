package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.config.LiveCheck;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.endpoint.TlsSettings;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What everything relies on in a socket holds for a Unix socket, too. */
class UnixSocketTest {

    private static LocalServer server;
    private static RedisEndpoint endpoint;

    @BeforeAll
    static void start() {
        server = LocalServer.start(ServerVersion.standard());
        endpoint = RedisEndpoint.standalone(Address.parse("unix://" + server.unixSocket()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anAddressIsReadBack() {
        Address address = Address.parse("unix:///run/redis.sock");
        assertThat(address.isUnix()).isTrue();
        assertThat(Address.parse(address.toString())).isEqualTo(address);
        for (String wrong : List.of("unix://run/redis.sock", "unix://", "unix:///")) {
            assertThatThrownBy(() -> Address.parse(wrong)).hasMessageContaining("absolute path");
        }
        assertThatThrownBy(() -> new Address("h", 0)).isInstanceOf(InvalidEndpointException.class);
        assertThatThrownBy(() -> endpoint.withTls(TlsSettings.on())).hasMessageContaining("no TLS");
    }

    /** Far more than the socket's buffers hold, so that both directions have to wait. */
    @Test
    void carriesMoreThanItsBuffersHold() {
        byte[] value = new byte[8 << 20];
        new Random(1).nextBytes(value);
        try (Node node = new NodeConnector(endpoint).openFirst()) {
            assertThat((byte[]) node.call("ECHO".getBytes(StandardCharsets.US_ASCII), value))
                    .isEqualTo(value);
        }
        assertThat(new LiveCheck(Duration.ofSeconds(30)).of(endpoint)).isEmpty();
    }

    @Test
    void aReadEndsWithItsTimeout() {
        try (Node node =
                new NodeConnector(endpoint.withTimeouts(Duration.ofSeconds(30), Duration.ofMillis(100))).openFirst()) {
            assertThatThrownBy(() -> node.call("BLPOP", "nothing", "0"))
                    .satisfies(
                            e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.TIMEOUT));
        }
    }

    @Test
    void aReadEndsWhenAnotherThreadCloses() throws Exception {
        try (Socket socket = new SocketOpener(endpoint.withTimeouts(Duration.ofSeconds(30), Duration.ZERO))
                .open(endpoint.firstAddress())) {
            CompletableFuture<Throwable> reader = new CompletableFuture<>();
            Thread thread = new Thread(() ->
                    reader.complete(catchThrowable(() -> socket.getInputStream().read())));
            thread.start();
            socket.close();
            assertThat(reader.get(60, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            assertThat(socket.isClosed()).isTrue();
        }
    }

    @Test
    void anEndedServerIsABrokenConnection() {
        try (LocalServer other = LocalServer.start(ServerVersion.standard())) {
            RedisEndpoint there = RedisEndpoint.standalone(Address.parse("unix://" + other.unixSocket()));
            NodeConnector connector = new NodeConnector(there);
            Node node = connector.openFirst();
            other.kill9();
            assertThatThrownBy(() -> node.call("PING"))
                    .satisfies(
                            e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.CONNECTION));
            node.close();
            assertThatThrownBy(connector::openFirst)
                    .satisfies(
                            e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.CONNECTION));
        }
    }

    @Test
    void endsAtTheServersQuit() throws IOException {
        try (Socket socket = new SocketOpener(endpoint).open(endpoint.firstAddress())) {
            socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] all = socket.getInputStream().readAllBytes();
            assertThat(Arrays.copyOf(all, 3)).isEqualTo("+OK".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
