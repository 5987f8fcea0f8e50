package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.TestCertificates;
import io.millrace.endpoint.TlsSettings;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsConnectionTest {

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static LocalServer server;
    private static int tlsPort;

    /** The certificate names localhost, and not the address 127.0.0.1 that is the same host. */
    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(directory);
        TestCertificates.Pem pem = certificates.issue("server", "RSA", "san=dns:localhost");
        try (ServerSocket socket = new ServerSocket(0)) {
            tlsPort = socket.getLocalPort();
        }
        server = LocalServer.of(ServerVersion.standard())
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

    @Test
    void connectsWhenTheCertificateIsTrustedAndNamesTheHost() {
        assertThat(ping("localhost", trusting())).isEqualTo("PONG");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksBothVersions(String protocol) {
        TlsSettings tls = trusting();
        assertThat(ping("localhost", new TlsSettings(true, tls.caFile(), null, null, true, List.of(protocol))))
                .isEqualTo("PONG");
    }

    @Test
    void refusesACertificateOfAnotherHostUnlessToldTo() {
        assertThatThrownBy(() -> ping(LocalServer.HOST, trusting()))
                .hasMessageContaining("127.0.0.1")
                .satisfies(e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.TLS_HOST));
        assertThat(ping(LocalServer.HOST, trusting().withVerifyHostname(false))).isEqualTo("PONG");
    }

    @Test
    void refusesACertificateOfAnUnknownAuthority() {
        assertThatThrownBy(() -> ping("localhost", TlsSettings.on().withVerifyHostname(false)))
                .satisfies(e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.TLS_UNTRUSTED));
    }

    @Test
    void aPortWithoutTlsEndsWithTheTimeoutAndAHint() {
        RedisEndpoint plain = RedisEndpoint.standalone(new Address("localhost", server.port()))
                .withTls(trusting())
                .withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(5));
        assertThatThrownBy(() -> new NodeConnector(plain).openFirst())
                .hasMessageContaining("no TLS handshake within 300 ms")
                .satisfies(e -> assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.TIMEOUT));
    }

    @Test
    void showsItsOwnCertificateWhereTheServerAsksForOne() throws Exception {
        TestCertificates.Pem client = certificates.issue("client", "EC");
        server.command("CONFIG", "SET", "tls-auth-clients", "yes");
        try {
            assertThat(ping("localhost", trusting().withClientCertificate(client.certificate(), client.key())))
                    .isEqualTo("PONG");
            assertThatThrownBy(() -> ping("localhost", trusting()))
                    .isInstanceOfSatisfying(
                            RedisFailureException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.TLS_CLIENT_CERTIFICATE));
        } finally {
            server.command("CONFIG", "SET", "tls-auth-clients", "no");
        }
    }

    private static TlsSettings trusting() {
        return TlsSettings.on().withCa(certificates.ca());
    }

    private static String ping(String host, TlsSettings tls) {
        RedisEndpoint endpoint =
                RedisEndpoint.standalone(new Address(host, tlsPort)).withTls(tls);
        try (Node node = new NodeConnector(endpoint).openFirst()) {
            return node.text("PING");
        }
    }
}
