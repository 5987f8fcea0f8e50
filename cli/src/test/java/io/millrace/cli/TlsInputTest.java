package io.millrace.cli;

import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.ServerVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be wrong with TLS: each has a sentence of its own, with the option that mends it. */
class TlsInputTest {
    @TempDir
    private static Path directory;

    private static LocalCertificates files;
    private static LocalServer plain;
    private static LocalServer encrypted;

    @BeforeAll
    static void start() {
        files = LocalCertificates.writeTo(directory);
        plain = LocalServer.start(ServerVersion.standard());
        encrypted = mutual().start();
    }

    @AfterAll
    static void stop() {
        plain.close();
        encrypted.close();
    }

    private static LocalServerBuilder mutual() {
        return LocalServer.of(ServerVersion.standard()).mutualTls(files);
    }

    @Test
    void aCertificateOfAnotherHost() {
        try (LocalServer server =
                LocalServer.of(ServerVersion.standard()).tlsOfAnotherHost(files).start()) {
            from(server, "--source-tls-ca", files.authority())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("source", "another host", LocalServer.HOST, "--source-tls-skip-host-check");
            to(server, "--target-tls-ca", files.authority())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("target", "another host", LocalServer.HOST, "--target-tls-skip-host-check");
        }
    }

    @Test
    void anAuthorityThatSignedNothing() {
        to(encrypted, "--target-tls-ca", files.strangeAuthority())
                .failsWith(ExitStatus.REFUSED)
                .naming("target", "no authority that is trusted here", "--target-tls-ca");
    }

    @Test
    void noAuthority() {
        from(encrypted)
                .failsWith(ExitStatus.REFUSED)
                .naming("source", "no authority that is trusted here", "--source-tls-ca");
    }

    @Test
    void aCertificateThatHasExpired() {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .tls(files)
                .config("tls-cert-file " + files.expiredCertificate())
                .config("tls-key-file " + files.expiredKey())
                .start()) {
            from(server, "--source-tls-ca", files.authority())
                    .failsWith(ExitStatus.REFUSED)
                    .naming("source", "has expired or is not valid yet", "renew", "clock");
        }
    }

    /** TLS 1.2 refuses it in the handshake, and TLS 1.3 after it. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientCertificateThatIsMissingStrangeOrExpired(String protocol) {
        try (LocalServer server = mutual().config("tls-protocols " + protocol).start()) {
            for (List<Path> pair : List.of(
                    List.<Path>of(),
                    List.of(files.strangeClientCertificate(), files.strangeClientKey()),
                    List.of(files.expiredCertificate(), files.expiredKey()))) {
                List<Object> options = new ArrayList<>(List.of("--target-tls-ca", files.authority()));
                if (!pair.isEmpty()) {
                    options.addAll(List.of("--target-tls-cert", pair.get(0), "--target-tls-key", pair.get(1)));
                }
                to(server, options.toArray())
                        .failsWith(ExitStatus.REFUSED)
                        .naming("target", "asks for a client certificate", "--target-tls-cert", "--target-tls-key");
            }
        }
    }

    @Test
    void aPortThatSpeaksNoTls() {
        Ran.millrace(arguments("rediss://" + LocalServer.HOST + ":" + plain.port(), plain.uri()))
                .failsWith(ExitStatus.REFUSED)
                .naming("source", "--source");
    }

    @Test
    void aKeyThatIsNotThatOfTheCertificate() {
        to(
                        encrypted,
                        "--target-tls-ca",
                        files.authority(),
                        "--target-tls-cert",
                        files.clientCertificate(),
                        "--target-tls-key",
                        files.strangeClientKey())
                .failsWith(ExitStatus.REFUSED)
                .naming("target", "does not belong", "--target-tls");
    }

    private static Ran from(LocalServer server, Object... more) {
        return Ran.millrace(arguments(uri(server), plain.uri(), more));
    }

    private static Ran to(LocalServer server, Object... more) {
        return Ran.millrace(arguments(plain.uri(), uri(server), more));
    }

    private static String uri(LocalServer server) {
        return "rediss://" + LocalServer.HOST + ":" + server.port();
    }

    private static String[] arguments(String from, String to, Object... more) {
        List<String> all = new ArrayList<>(List.of(
                "migrate",
                "--source",
                from,
                "--target",
                to,
                "--data-dir",
                directory.resolve("data").toString()));
        Arrays.stream(more).map(Object::toString).forEach(all::add);
        return all.toArray(new String[0]);
    }
}
