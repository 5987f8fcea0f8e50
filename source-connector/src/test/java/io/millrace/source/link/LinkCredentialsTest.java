package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.SocketOpener;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A link asks for its login when it connects. */
class LinkCredentialsTest {

    private static LocalServer server;

    @BeforeAll
    static void start() {
        server = LocalServer.of(ServerVersion.standard()).password("right").start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aLoginThatChangedWhileItWasRefusedIsAskedForOnceMore() throws IOException {
        connect(passwords("stale", "right")).close();
        assertThatThrownBy(() -> connect(passwords("stale", "stale", "right")))
                .as("the same again is not sent again")
                .isInstanceOf(LinkException.AuthenticationFailed.class);
    }

    @Test
    void aProviderWithoutALoginSaysWhetherToTryAgain() {
        for (CredentialsException reason : List.of(
                CredentialsException.retryable("the token service does not answer"),
                CredentialsException.lasting("the environment variable P is not set"))) {
            LinkException.NoCredentials e = catchThrowableOfType(
                    LinkException.NoCredentials.class,
                    () -> connect(() -> {
                        throw reason;
                    }));
            assertThat(e).hasMessageContaining(reason.getMessage()).hasMessageContaining("127.0.0.1");
            assertThat(e.retriable()).isEqualTo(reason.isRetryable());
        }
    }

    private static Credentials passwords(String... passwords) {
        Deque<String> next = new ArrayDeque<>(List.of(passwords));
        return () -> Login.password(Secret.of(next.remove()));
    }

    private static ReplicaLink connect(Credentials credentials) throws LinkException {
        Address address = new Address(LocalServer.HOST, server.port());
        SocketOpener sockets = new SocketOpener(RedisEndpoint.standalone(address));
        return ReplicaLink.connect(
                () -> sockets.open(address),
                address.toString(),
                LinkSettings.DEFAULT.withCredentials(credentials),
                () -> 0);
    }
}
