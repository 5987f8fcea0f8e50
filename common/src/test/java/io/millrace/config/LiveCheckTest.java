package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.TestCertificates;
import io.millrace.endpoint.TlsSettings;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a connection can fail, and the option that is named for it. */
class LiveCheckTest {

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static LocalServer server;
    private static int tlsPort;

    private final LiveCheck check = new LiveCheck(Duration.ofSeconds(3));

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(directory);
        TestCertificates.Pem pem = certificates.issue("server", "EC", "san=dns:localhost");
        try (ServerSocket socket = new ServerSocket(0)) {
            tlsPort = socket.getLocalPort();
        }
        server = LocalServer.of(ServerVersion.standard())
                .password("s3cret")
                .user("app", "pw", "~* +@all")
                .config("tls-port " + tlsPort)
                .config("tls-cert-file " + pem.certificate())
                .config("tls-key-file " + pem.key())
                .config("tls-ca-cert-file " + certificates.ca())
                .config("tls-auth-clients no")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RedisEndpoint plain() {
        return RedisEndpoint.standalone(new Address("localhost", server.port()))
                .withLogin(Login.password(Secret.of("s3cret")));
    }

    private static RedisEndpoint encrypted(TlsSettings tls) {
        return RedisEndpoint.standalone(new Address("localhost", tlsPort))
                .withLogin(Login.password(Secret.of("s3cret")))
                .withTls(tls);
    }

    private Finding only(RedisEndpoint endpoint) {
        List<Finding> findings = check.of(endpoint);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).sentence()).doesNotContain("s3cret").doesNotContain("hunter2");
        return findings.get(0);
    }

    @Test
    void aGoodEndpointHasNoFindings() {
        assertThat(check.of(plain())).isEmpty();
        assertThat(check.of(plain().withLogin(Login.of("app", Secret.of("pw")))))
                .isEmpty();
        assertThat(check.of(encrypted(TlsSettings.on().withCa(certificates.ca()))))
                .isEmpty();
    }

    @Test
    void furtherQuestionsAreAskedOfTheNodeThatAnswered() {
        Finding missing = new Finding("no right to PSYNC", RedisSettings.USER);
        assertThat(check.of(plain(), node -> node.text("PING").equals("PONG") ? List.of(missing) : List.of()))
                .containsExactly(missing);
    }

    @Test
    void logins() {
        assertThat(only(plain().withLogin(Login.none())).keys()).containsExactly("redis.password");
        assertThat(only(plain().withLogin(Login.password(Secret.of("hunter2")))).keys())
                .containsExactly("redis.password");
        assertThat(only(plain().withLogin(Login.of("app", Secret.of("hunter2"))))
                        .keys())
                .containsExactly("redis.user", "redis.password");
        try (LocalServer open = LocalServer.start(ServerVersion.standard())) {
            RedisEndpoint endpoint = RedisEndpoint.standalone(new Address(LocalServer.HOST, open.port()))
                    .withLogin(Login.password(Secret.of("hunter2")));
            assertThat(only(endpoint).sentence()).contains("leave redis.password empty");
        }
    }

    @Test
    void hosts() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Finding refused = only(RedisEndpoint.standalone(new Address(LocalServer.HOST, free)));
        assertThat(refused.keys()).containsExactly("redis.hosts");
        assertThat(refused.sentence()).contains("127.0.0.1:" + free).contains("refused");
        Finding unknown = only(RedisEndpoint.standalone(new Address("no-such-host.invalid", 6379)));
        assertThat(unknown.keys()).containsExactly("redis.hosts");
        assertThat(unknown.sentence()).contains("no-such-host.invalid is unknown");
    }

    @Test
    void aServerThatNeverAnswersEndsInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            long start = System.nanoTime();
            Finding finding = only(RedisEndpoint.standalone(new Address(LocalServer.HOST, silent.getLocalPort()))
                    .withLogin(Login.password(Secret.of("hunter2"))));
            assertThat(finding.keys()).containsExactly("redis.hosts");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void tlsOnOneSideOnly() {
        assertThat(only(RedisEndpoint.standalone(new Address("localhost", tlsPort)))
                        .keys())
                .containsExactly("redis.tls");
        RedisEndpoint toPlainPort = plain().withTls(TlsSettings.on().withCa(certificates.ca()));
        assertThat(only(toPlainPort).sentence()).contains("speaks no TLS");
    }

    @Test
    void certificates() {
        assertThat(only(encrypted(TlsSettings.on())).keys()).containsExactly("redis.tls.ca.file");
        RedisEndpoint byAddress = RedisEndpoint.standalone(new Address(LocalServer.HOST, tlsPort))
                .withTls(TlsSettings.on().withCa(certificates.ca()));
        assertThat(only(byAddress).keys()).containsExactly("redis.hosts", "redis.tls.verify.hostname");
    }

    @Test
    void aClientCertificateThatTheServerAsksFor() {
        RedisEndpoint endpoint = encrypted(TlsSettings.on().withCa(certificates.ca()));
        server.command("CONFIG", "SET", "tls-auth-clients", "yes");
        try {
            assertThat(only(endpoint).keys()).containsExactly("redis.tls.certificate.file", "redis.tls.key.file");
        } finally {
            server.command("CONFIG", "SET", "tls-auth-clients", "no");
        }
    }

    @Test
    void topology() {
        RedisEndpoint cluster = RedisEndpoint.cluster(List.of(new Address("localhost", server.port())))
                .withLogin(Login.password(Secret.of("s3cret")));
        assertThat(only(cluster).keys()).containsExactly("redis.topology", "redis.hosts");
        try (LocalServer node = LocalServer.of(ServerVersion.standard())
                .config("cluster-enabled yes")
                .start()) {
            RedisEndpoint standalone = RedisEndpoint.standalone(new Address(LocalServer.HOST, node.port()));
            assertThat(only(standalone).keys()).containsExactly("redis.topology");
        }
    }

    @Test
    void oneSeedThatAnswersIsEnough() {
        RedisEndpoint seeds = RedisEndpoint.cluster(
                        List.of(new Address("no-such-host.invalid", 1), new Address("localhost", server.port())))
                .withLogin(Login.password(Secret.of("s3cret")));
        assertThat(check.of(seeds))
                .singleElement()
                .satisfies(finding -> assertThat(finding.keys()).contains("redis.topology"));
    }
}
