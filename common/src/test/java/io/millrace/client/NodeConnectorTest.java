package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisDataException;

class NodeConnectorTest {

    private static LocalServer server;
    private static RedisEndpoint admin;

    @BeforeAll
    static void start() {
        server = LocalServer.of(ServerVersion.standard())
                .password("s3cret")
                .user("reader", "pw\u00e4", "~* +@read +ping")
                .config("enable-debug-command yes")
                .start();
        admin = RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port()))
                .withLogin(Login.password(Secret.of("s3cret")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void logsInAndNamesItself() {
        try (Node node = new NodeConnector(admin).openFirst()) {
            assertThat(node.text("CLIENT", "GETNAME")).isEqualTo("millrace");
            assertThat(node.call("SET", "k", "v")).isEqualTo("OK".getBytes(StandardCharsets.US_ASCII));
            assertThat(node.call("EXISTS", "k", "none")).isEqualTo(1L);
            assertThat(node.call("GET", "none")).isNull();
            byte[] binary = {0, -1, '\r', '\n'};
            node.call("SET".getBytes(StandardCharsets.US_ASCII), "b".getBytes(StandardCharsets.US_ASCII), binary);
            assertThat(node.call("GET", "b")).isEqualTo(binary);
        }
    }

    @Test
    void aUserWithFewRightsGetsIn() {
        RedisEndpoint reader = admin.withLogin(Login.of("reader", Secret.of("pw\u00e4")));
        try (Node node = new NodeConnector(reader).openFirst()) {
            assertThat(node.text("PING")).isEqualTo("PONG");
            assertThat(kindOf(() -> node.call("SET", "k", "secret-value"))).isEqualTo(Kind.PERMISSION);
        }
    }

    @Test
    void aWrongLoginIsToldFromOtherFailuresAndShowsNoPassword() {
        RedisEndpoint wrong = admin.withLogin(Login.of("reader", Secret.of("hunter2")));
        assertThatThrownBy(() -> new NodeConnector(wrong).openFirst())
                .hasMessageContaining("WRONGPASS")
                .hasMessageNotContaining("hunter2")
                .satisfies(e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.AUTHENTICATION));
        RedisEndpoint none = admin.withLogin(Login.none());
        assertThat(kindOf(() -> new NodeConnector(none).openFirst())).isEqualTo(Kind.AUTHENTICATION);
    }

    @Test
    void errorsNameTheCommandAndNeverItsArguments() {
        try (Node node = new NodeConnector(admin).openFirst()) {
            node.call("DEL", "list");
            node.call("RPUSH", "list", "x");
            assertThatThrownBy(() -> node.call("APPEND", "list", "private"))
                    .hasMessageContaining("(APPEND)")
                    .hasMessageContaining("WRONGTYPE")
                    .hasMessageNotContaining("private");
            assertThatThrownBy(() -> node.call("NOSUCH", "private"))
                    .hasMessageContaining("does not know the command")
                    .hasMessageNotContaining("private");
            assertThat(node.isBroken()).isFalse();
        }
    }

    @Test
    void errorsInsideOfATransactionAreElements() {
        try (Node node = new NodeConnector(admin).openFirst()) {
            node.call("DEL", "t");
            node.call("MULTI");
            node.call("SET", "t", "x");
            node.call("INCR", "t");
            List<?> replies = (List<?>) node.call("EXEC");
            assertThat(replies.get(1)).isInstanceOf(JedisDataException.class);
        }
    }

    @Test
    void aBrokenConnectionStaysBroken() {
        Node node = new NodeConnector(admin.withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(100))).openFirst();
        assertThat(kindOf(() -> node.call("DEBUG", "SLEEP", "0.5"))).isEqualTo(Kind.TIMEOUT);
        assertThat(node.isBroken()).isTrue();
        assertThat(kindOf(() -> node.call("GET", "k"))).isIn(Kind.CONNECTION, Kind.TIMEOUT);
        node.close();
        assertThat(kindOf(() -> node.call("GET", "k"))).isEqualTo(Kind.CONNECTION);
    }

    @Test
    void aServerThatIsNotThere() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        RedisEndpoint nobody = RedisEndpoint.standalone(new Address(LocalServer.HOST, free));
        assertThat(kindOf(() -> new NodeConnector(nobody).openFirst())).isEqualTo(Kind.CONNECTION);
        RedisEndpoint unknown = RedisEndpoint.standalone(new Address("no-such-host.invalid", 6379));
        assertThatThrownBy(() -> new NodeConnector(unknown).openFirst()).hasMessageContaining("UnknownHost");
    }

    private static Kind kindOf(Runnable action) {
        try {
            action.run();
        } catch (RedisFailureException e) {
            return e.kind();
        }
        throw new AssertionError("no failure");
    }
}
