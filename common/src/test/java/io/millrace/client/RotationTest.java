package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.config.CredentialSettings;
import io.millrace.config.Finding;
import io.millrace.config.LiveCheck;
import io.millrace.config.RedisSettings;
import io.millrace.credentials.TokenProvider;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.TestCertificates;
import io.millrace.endpoint.TestCertificates.Pem;
import io.millrace.endpoint.TlsSettings;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and certificates that change while one connector lives: the next connection has the new ones. */
class RotationTest {

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static LocalServer server;
    private static int tlsPort;

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(directory);
        Pem pem = certificates.issue("server", "EC", "san=dns:localhost");
        try (ServerSocket socket = new ServerSocket(0)) {
            tlsPort = socket.getLocalPort();
        }
        server = LocalServer.of(ServerVersion.standard())
                .user("app", "first", "~* +@all")
                .config("tls-port " + tlsPort)
                .config("tls-cert-file " + pem.certificate())
                .config("tls-key-file " + pem.key())
                .config("tls-ca-cert-file " + certificates.ca())
                .config("tls-auth-clients yes")
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aNewConnectionAsksForTheLoginAgain() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "first\n");
        NodeConnector connector = connector(
                Map.of("redis.credentials.provider", "file", "redis.credentials.file.password.path", file.toString()));
        ping(connector);
        server.command("ACL", "SETUSER", "app", ">second", "<first");
        try {
            assertThat(kindOf(connector)).isEqualTo(Kind.AUTHENTICATION);
            Files.writeString(file, "second\n");
            ping(connector);
            Files.delete(file);
            assertThat(kindOf(connector)).isEqualTo(Kind.CREDENTIALS_PENDING);
        } finally {
            server.command("ACL", "SETUSER", "app", ">first", "<second");
        }
    }

    @Test
    void aLoginThatChangedWhileItWasRefusedIsAskedForOnceMore() {
        NodeConnector connector = connector(Map.of("redis.credentials.provider", "token"));
        TokenProvider.TOKENS.addAll(List.of("stale", "first"));
        ping(connector);
        TokenProvider.TOKENS.addAll(List.of("stale", "stale", "first"));
        assertThat(kindOf(connector)).as("not a third time").isEqualTo(Kind.AUTHENTICATION);
        ping(connector);
    }

    @Test
    void aConnectionLogsInAgainBeforeItsLoginRunsOutAndGoesOnWhereThereIsNoneYet() {
        Credentials tokens = connector(Map.of("redis.credentials.provider", "token"))
                .endpoint()
                .credentials();
        Credentials expiring = new Credentials() {
            @Override
            public Login login() {
                return tokens.login();
            }

            @Override
            public Optional<Instant> renewal(Login login) {
                return Optional.of(Instant.now());
            }
        };
        NodeConnector connector =
                new NodeConnector(RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port()))
                        .withCredentials(expiring));
        TokenProvider.TOKENS.addAll(List.of("first", "first"));
        try (Node node = connector.openFirst()) {
            node.keepLoggedIn();
            assertThat(TokenProvider.TOKENS).as("asked for the next").isEmpty();
            node.keepLoggedIn();
            TokenProvider.TOKENS.add("wrong");
            node.keepLoggedIn();
            assertThat(TokenProvider.TOKENS).as("not asked again at once").hasSize(1);
            assertThat(node.text("PING")).isEqualTo("PONG");
        } finally {
            TokenProvider.TOKENS.clear();
        }
    }

    @Test
    void theCheckNamesTheProvider() {
        RedisEndpoint endpoint =
                connector(Map.of("redis.credentials.provider", "token")).endpoint();
        LiveCheck check = new LiveCheck(Duration.ofSeconds(30));
        List<Finding> none = check.of(endpoint);
        assertThat(none).singleElement().satisfies(finding -> {
            assertThat(finding.keys()).containsExactly(CredentialSettings.PROVIDER);
            assertThat(finding.sentence()).contains("the token service does not answer");
        });
        TokenProvider.TOKENS.addAll(List.of("hunter2", "hunter2"));
        assertThat(check.of(endpoint)).singleElement().satisfies(finding -> {
            assertThat(finding.keys()).containsExactly(CredentialSettings.PROVIDER);
            assertThat(finding.sentence()).contains("WRONGPASS").doesNotContain("hunter2");
        });
    }

    @Test
    void aNewConnectionHasTheNewCertificatesAndAuthority() throws Exception {
        TestCertificates next = new TestCertificates(Files.createDirectory(directory.resolve("next")));
        Pem client = certificates.issue("client", "EC");
        Pem nextClient = next.issue("client", "RSA");
        Pem nextServer = next.issue("server", "EC", "san=dns:localhost");
        Path ca = copy(certificates.ca(), "used-ca.pem");
        Path certificate = copy(client.certificate(), "used.pem");
        Path key = copy(client.key(), "used.key.pem");
        NodeConnector connector = new NodeConnector(RedisEndpoint.standalone(new Address("localhost", tlsPort))
                .withTls(TlsSettings.on().withCa(ca).withClientCertificate(certificate, key)));
        ping(connector);

        Path bundle = Files.writeString(
                directory.resolve("bundle.pem"), Files.readString(certificates.ca()) + Files.readString(next.ca()));
        copy(bundle, "used-ca.pem");
        server.command("CONFIG", "SET", "tls-ca-cert-file", bundle);
        copy(nextClient.certificate(), "used.pem");
        assertThat(kindOf(connector))
                .as("a certificate without its key is a moment")
                .isEqualTo(Kind.CONNECTION);
        copy(nextClient.key(), "used.key.pem");
        ping(connector);

        server.command(
                "CONFIG",
                "SET",
                "tls-cert-file",
                nextServer.certificate(),
                "tls-key-file",
                nextServer.key(),
                "tls-ca-cert-file",
                next.ca());
        ping(connector);
        copy(next.ca(), "used-ca.pem");
        ping(connector);
        copy(certificates.ca(), "used-ca.pem");
        assertThat(kindOf(connector)).as("the old authority alone").isEqualTo(Kind.TLS_UNTRUSTED);
    }

    private static NodeConnector connector(Map<String, String> credentials) {
        Map<String, String> properties = new HashMap<>(credentials);
        properties.put("redis.hosts", LocalServer.HOST + ":" + server.port());
        properties.put("redis.user", "app");
        ConfigDef def = RedisSettings.addTo(new ConfigDef(), Topology.STANDALONE);
        return new NodeConnector(RedisSettings.endpoint(new AbstractConfig(def, properties, false)));
    }

    private static void ping(NodeConnector connector) {
        try (Node node = connector.openFirst()) {
            assertThat(node.text("PING")).isEqualTo("PONG");
        }
    }

    private static Kind kindOf(NodeConnector connector) {
        return catchThrowableOfType(RedisFailureException.class, () -> ping(connector))
                .kind();
    }

    private static Path copy(Path from, String name) throws java.io.IOException {
        return Files.copy(from, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
