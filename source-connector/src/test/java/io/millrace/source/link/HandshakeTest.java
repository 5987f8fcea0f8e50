package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a link makes of replies that real servers seldom give. */
@Timeout(60)
class HandshakeTest {

    private static final String OK = "+OK\r\n";
    private static final String PONG = "+PONG\r\n";
    private static final String ID = "a".repeat(40);
    private static final LinkSettings QUICK =
            LinkSettings.DEFAULT.withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5));
    private static final LinkSettings WITH_LOGIN = QUICK.withLogin(Login.of("app", Secret.of("hunter2")));

    @Test
    void theCommandsComeInTheirOrder() throws Exception {
        try (FakeMaster master = new FakeMaster(OK, PONG, OK, OK, OK, OK, "\n\n+FULLRESYNC " + ID + " 42\r\n");
                ReplicaLink link = connect(master, WITH_LOGIN.withAnnounced("10.1.1.1", 7000))) {
            assertThat(link.sync(null, -1)).isEqualTo(new SyncStart.FullResync(ID, 42));
            assertThat(master.received)
                    .containsExactly(
                            "AUTH app hunter2",
                            "PING",
                            "REPLCONF listening-port 7000",
                            "REPLCONF ip-address 10.1.1.1",
                            "REPLCONF capa eof capa psync2",
                            "REPLCONF version 9.0.0",
                            "PSYNC ? -1");
        }
    }

    @Test
    void aServerThatDoesNotKnowTheVersionOptionIsNoFailure() throws Exception {
        try (FakeMaster master = new FakeMaster(
                        PONG, OK, OK, "-ERR Unrecognized REPLCONF option: version\r\n", "+CONTINUE\r\n");
                ReplicaLink link = connect(master, QUICK)) {
            assertThat(link.sync(ID, 99)).isEqualTo(new SyncStart.Continued(ID, 99));
            assertThat(master.received).last().isEqualTo("PSYNC " + ID + " 100");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-WRONGPASS invalid username-password pair or user is disabled.|AuthenticationFailed",
                "-ERR invalid password|AuthenticationFailed",
                "-ERR Client sent AUTH, but no password is set|AuthenticationFailed",
                "-ERR AUTH <password> called without any password configured for the default user.|AuthenticationFailed",
                "-ERR wrong number of arguments for 'auth' command|AuthenticationFailed",
                "-ERR unknown command 'AUTH', with args beginning with: 'app' 'hunter2'|AuthenticationFailed",
                "-hunter2|AuthenticationFailed",
                "-LOADING hunter2|NotReady",
                "-ERR max number of clients reached|NotReady"
            })
    void aRefusedLoginNeverShowsThePassword(String reply, String type) throws Exception {
        try (FakeMaster master = new FakeMaster(reply + "\r\n")) {
            assertThatThrownBy(() -> connect(master, WITH_LOGIN))
                    .isInstanceOf(LinkException.class)
                    .hasMessageNotContaining("hunter2")
                    .extracting(e -> e.getClass().getSimpleName())
                    .isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-NOAUTH Authentication required.|AuthenticationFailed",
                "-ERR operation not permitted|AuthenticationFailed",
                "-NOPERM this user has no permissions to run the 'ping' command|PermissionDenied",
                "-DENIED Redis is running in protected mode because ...|PermissionDenied",
                "-LOADING Redis is loading the dataset in memory|NotReady",
                "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.|NotReady",
                "-BUSY Redis is busy running a script.|NotReady",
                "-ERR unknown command 'PING'|Unsupported",
                "-ERR something else|Unsupported",
                "HTTP/1.1 400 Bad Request|Malformed",
                "$5|Malformed"
            })
    void everyRefusalHasItsType(String reply, String type) throws Exception {
        try (FakeMaster master = new FakeMaster(reply + "\r\n")) {
            assertThatThrownBy(() -> connect(master, QUICK))
                    .isInstanceOf(LinkException.class)
                    .extracting(e -> e.getClass().getSimpleName())
                    .isEqualTo(type);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-NOMASTERLINK Can't SYNC while not connected with my master|NotReady",
                "-NOPERM this user has no permissions to run the 'psync' command|PermissionDenied",
                "-ERR unknown command `PSYNC`, with args beginning with: ...|Unsupported",
                "+FULLRESYNC abc 1|Malformed",
                "+FULLRESYNC aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa -1|Malformed",
                "+FULLRESYNC aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x|Malformed",
                "+CONTINUE|Malformed",
                "+WHATEVER|Malformed"
            })
    void everyAnswerToPsyncHasItsType(String reply, String type) throws Exception {
        try (FakeMaster master = new FakeMaster(PONG, OK, OK, OK, reply + "\r\n");
                ReplicaLink link = connect(master, QUICK)) {
            assertThatThrownBy(() -> link.sync(null, -1))
                    .isInstanceOf(LinkException.class)
                    .extracting(e -> e.getClass().getSimpleName())
                    .isEqualTo(type);
        }
    }

    @Test
    void aClosedOrSilentServerIsALostLink() throws Exception {
        try (FakeMaster master = new FakeMaster()) {
            assertThatThrownBy(() -> connect(master, QUICK)).isInstanceOf(LinkException.Lost.class);
        }
        try (FakeMaster master = new FakeMaster("", "")) {
            assertThatThrownBy(() -> connect(
                            master, LinkSettings.DEFAULT.withTimeouts(Duration.ofMillis(200), Duration.ofSeconds(5))))
                    .isInstanceOf(LinkException.Lost.class)
                    .hasMessageContaining("sent nothing for 200 ms");
        }
    }

    @Test
    void aLineWithoutAnEndIsMalformed() throws Exception {
        try (FakeMaster master = new FakeMaster("+" + "x".repeat(100_000))) {
            assertThatThrownBy(() -> connect(master, QUICK)).isInstanceOf(LinkException.Malformed.class);
        }
    }

    private static ReplicaLink connect(FakeMaster master, LinkSettings settings) throws IOException {
        return ReplicaLink.connect(master::connect, "fake:1", settings, () -> 0);
    }
}
