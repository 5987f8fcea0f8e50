package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalCertificatesTest {
    @TempDir
    static Path directory;

    private static LocalCertificates certificates;

    @BeforeAll
    static void write() {
        certificates = LocalCertificates.writeTo(directory);
    }

    @ParameterizedTest
    @EnumSource
    void everyVersionSpeaksTlsWithAClientThatChecksEverything(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer server =
                LocalServer.of(version).mutualTls(certificates).start()) {
            assertThat(server.uri()).startsWith("rediss://");
            assertThat(ping(server, context(certificates.authority(), "client")))
                    .isEqualTo("+PONG");
        }
    }

    @Test
    void strangersAreRefused() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .mutualTls(certificates)
                        .start();
                LocalServer misplaced = LocalServer.of(ServerVersion.standard())
                        .tlsOfAnotherHost(certificates)
                        .start()) {
            assertThatThrownBy(() -> ping(server, context(certificates.strangeAuthority(), "client")))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> ping(server, context(certificates.authority(), "strange-client")))
                    .isInstanceOf(java.io.IOException.class);
            assertThatThrownBy(() -> ping(misplaced, context(certificates.authority(), "client")))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void replicasAndClustersUseTlsAmongThemselves() {
        try (LocalServer master = LocalServer.of(ServerVersion.standard())
                        .tls(certificates)
                        .start();
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .tls(certificates)
                        .replicaOf(master)
                        .start();
                LocalCluster cluster = LocalCluster.of(ServerVersion.standard())
                        .tls(certificates)
                        .start()) {
            master.command("SET", "k", "v");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(replica.command("GET", "k")).isNotNull());
            cluster.awaitOk();
        }
    }

    private static String ping(LocalServer server, SSLContext context) throws Exception {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(LocalServer.HOST, server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(5000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
        }
    }

    private static SSLContext context(Path authority, String client) throws Exception {
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", certificate(authority));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        String pem = Files.readString(directory.resolve(client + ".key"));
        byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
        KeyStore own = empty();
        own.setKeyEntry(
                "client",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                new char[0],
                new Certificate[] {certificate(directory.resolve(client + ".crt"))});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
