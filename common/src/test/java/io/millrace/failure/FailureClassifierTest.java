package io.millrace.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.Address;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.exceptions.JedisConnectionException;

class FailureClassifierTest {

    /** The texts of Redis 6.0 to 8.6 and Valkey 8.1 and 9.1; 4.0 where they differ. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MOVED 3999 127.0.0.1:6381|MOVED",
                "ASK 3999 127.0.0.1:6381|ASK",
                "TRYAGAIN Multiple keys request during rehashing of slot|TRYAGAIN",
                "CLUSTERDOWN Hash slot not served|CLUSTERDOWN",
                "CLUSTERDOWN The cluster is down and only accepts read commands|CLUSTERDOWN",
                "CROSSSLOT Keys in request don't hash to the same slot|CROSSSLOT",
                "OOM command not allowed when used memory > 'maxmemory'.|OOM",
                "READONLY You can't write against a read only replica.|READONLY",
                "READONLY Can not run script with write flag on readonly replica|READONLY",
                "REDIRECT 127.0.0.1:6380|READONLY",
                "LOADING Redis is loading the dataset in memory|LOADING",
                "LOADING Valkey is loading the dataset in memory|LOADING",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.|MASTERDOWN",
                "NOMASTERLINK Can't SYNC while not connected with my master|MASTERDOWN",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist|MISCONF",
                "MISCONF Errors writing to the AOF file: No space left on device|MISCONF",
                "NOREPLICAS Not enough good replicas to write.|NOREPLICAS",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.|BUSY",
                "BUSYKEY Target key name already exists.|BUSYKEY",
                "BUSYGROUP Consumer Group name already exists|BUSYGROUP",
                "NOGROUP No such key 'k' or consumer group 'g'|NOGROUP",
                "WRONGTYPE Operation against a key holding the wrong kind of value|WRONGTYPE",
                "NOSCRIPT No matching script. Please use EVAL.|NOSCRIPT",
                "EXECABORT Transaction discarded because of previous errors.|EXECABORT",
                "EXECABORT Transaction discarded because of: OOM command not allowed when used memory|OOM",
                "EXECABORT Transaction discarded because of: READONLY You can't write|READONLY",
                "NOAUTH Authentication required.|AUTHENTICATION",
                "WRONGPASS invalid username-password pair or user is disabled.|AUTHENTICATION",
                "ERR invalid password|AUTHENTICATION",
                "ERR Client sent AUTH, but no password is set|AUTHENTICATION",
                "ERR AUTH <password> called without any password configured for the default user.|AUTHENTICATION",
                "NOPERM this user has no permissions to run the 'set' command|PERMISSION",
                "NOPERM No permissions to access a key|PERMISSION",
                "DENIED Redis is running in protected mode because protected mode is enabled|PROTECTED_MODE",
                "ERR max number of clients reached|TOO_MANY_CLIENTS",
                "ERR max number of clients + cluster connections reached|TOO_MANY_CLIENTS",
                "ERR unknown command 'FOO', with args beginning with: 'x' |UNKNOWN_COMMAND",
                "ERR unknown command `FOO`, with args beginning with: `x`|UNKNOWN_COMMAND",
                "ERR unknown subcommand 'FOO'. Try XGROUP HELP.|UNKNOWN_COMMAND",
                "ERR Bad data format|PAYLOAD",
                "ERR DUMP payload version or checksum are wrong|PAYLOAD",
                "ERR syntax error|SYNTAX",
                "ERR wrong number of arguments for 'set' command|SYNTAX",
                "ERR Protocol error: invalid multibulk length|PROTOCOL",
                "ERR no such key|OTHER",
                "FOO|OTHER",
                "OOMPH|OTHER",
                "MOVEDX 1|OTHER"
            })
    void repliesAreToldApart(String reply, Kind kind) {
        RedisFailure failure = FailureClassifier.ofReply(reply);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(FailureClassifier.kindOf(reply.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindSaysWhatToDo(Kind kind) {
        RedisFailure failure = RedisFailure.of(kind, "reply");
        assertThat(kind.what()).isNotBlank().doesNotEndWith(".");
        assertThat(kind.nextStep()).endsWith(".");
        assertThat(failure.sentence()).contains("(reply)");
        assertThat(failure)
                .isInstanceOf(
                        switch (kind.disposition()) {
                            case RETRY -> RedisFailure.Retryable.class;
                            case FATAL -> RedisFailure.Fatal.class;
                            case RECORD -> RedisFailure.OfRecord.class;
                        });
    }

    @Test
    void argumentsThatAServerRepeatsAreCutOff() {
        RedisFailure failure =
                FailureClassifier.ofReply("ERR unknown command `AUTH`, with args beginning with: `hunter2`, ");
        assertThat(failure.detail()).isEqualTo("ERR unknown command `AUTH`");
    }

    @Property
    void anyBytesAreClassified(@ForAll byte[] reply) {
        assertThat(FailureClassifier.ofReply(reply).kind()).isNotNull();
    }

    @Test
    void exceptions() {
        assertThat(kind(new JedisConnectionException("x", new ConnectException("refused"))))
                .isEqualTo(Kind.CONNECTION);
        assertThat(kind(new JedisConnectionException(new SocketTimeoutException("t"))))
                .isEqualTo(Kind.TIMEOUT);
        assertThat(kind(new JedisConnectionException("Unexpected end of stream.")))
                .isEqualTo(Kind.CONNECTION);
        assertThat(kind(new JedisConnectionException("Unknown reply: \u0015"))).isEqualTo(Kind.PROTOCOL);
        assertThat(kind(new SSLHandshakeException("no protocol in common"))).isEqualTo(Kind.TLS);
        SSLHandshakeException untrusted = new SSLHandshakeException("untrusted");
        untrusted.initCause(new CertificateException("no name"));
        assertThat(kind(untrusted)).isEqualTo(Kind.TLS_HOST);
        for (Kind tls : Kind.values()) {
            assertThat(tls.isTls()).as(tls.name()).isEqualTo(tls.name().startsWith("TLS"));
        }
        assertThat(kind(new SSLException("cut", new EOFException()))).isEqualTo(Kind.CONNECTION);
        assertThat(kind(new IllegalStateException("bug"))).isEqualTo(Kind.OTHER);
        RedisFailureException known = new RedisFailureException("h:1 (GET)", RedisFailure.of(Kind.LOADING, ""), null);
        assertThat(kind(new IllegalStateException(known))).isEqualTo(Kind.LOADING);
    }

    private static Kind kind(Throwable thrown) {
        return FailureClassifier.of(thrown).kind();
    }

    @ParameterizedTest
    @CsvSource({
        "MOVED 3999 127.0.0.1:6381,false,3999,127.0.0.1,6381",
        "ASK 0 host.example:7000,true,0,host.example,7000",
        "MOVED 1 :7000,false,1,asked,7000",
        "MOVED 1 ?:7000,false,1,asked,7000",
        "MOVED 1 fe80::1:7000,false,1,fe80::1,7000"
    })
    void redirects(String reply, boolean ask, int slot, String host, int port) {
        assertThat(Redirect.parse(reply, new Address("asked", 1)))
                .contains(new Redirect(ask, slot, new Address(host, port)));
    }

    @ParameterizedTest
    @CsvSource({"MOVED", "MOVED x y", "MOVED 1 host", "MOVED 1 host:0", "ERR MOVED 1 h:1"})
    void whatIsNoRedirect(String reply) {
        assertThat(Redirect.parse(reply, new Address("asked", 1))).isEmpty();
    }
}
