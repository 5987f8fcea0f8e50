package io.millrace.redis.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * PEM files for TLS between local servers and their clients, made anew: an authority, a server and a client that it has
 * signed, and what a client must refuse. Keys are PKCS#8, P-256.
 */
public final class LocalCertificates {
    private final Path directory;

    private LocalCertificates(Path directory) {
        this.directory = directory;
    }

    /** Writes the files to a directory that exists and has none of them. */
    public static LocalCertificates writeTo(Path directory) {
        try {
            CertificateAuthority authority = new CertificateAuthority("local authority");
            authority.writeOwn(directory.resolve("ca.crt"));
            authority.issue(directory, "server", List.of("localhost", LocalServer.HOST, "::1"));
            authority.issue(directory, "other-host", List.of("elsewhere.example", "192.0.2.1"));
            authority.issue(directory, "client", List.of());
            authority.issue(directory, "expired", List.of("localhost", LocalServer.HOST, "::1"), Duration.ofHours(1));
            CertificateAuthority stranger = new CertificateAuthority("strange authority");
            stranger.writeOwn(directory.resolve("strange-ca.crt"));
            stranger.issue(directory, "strange-client", List.of());
            return new LocalCertificates(directory);
        } catch (IOException e) {
            throw new LocalServerException("Cannot write certificates to " + directory, e);
        }
    }

    /** The authority that signed server and client. */
    public Path authority() {
        return directory.resolve("ca.crt");
    }

    /** An authority that signed no server. */
    public Path strangeAuthority() {
        return directory.resolve("strange-ca.crt");
    }

    public Path clientCertificate() {
        return directory.resolve("client.crt");
    }

    public Path clientKey() {
        return directory.resolve("client.key");
    }

    /** A client certificate of the strange authority, which servers refuse. */
    public Path strangeClientCertificate() {
        return directory.resolve("strange-client.crt");
    }

    public Path strangeClientKey() {
        return directory.resolve("strange-client.key");
    }

    /** Of the authority, for the server's host and for clients, and no longer valid. */
    public Path expiredCertificate() {
        return directory.resolve("expired.crt");
    }

    public Path expiredKey() {
        return directory.resolve("expired.key");
    }

    /** The lines of redis.conf for a server that speaks TLS alone. */
    List<String> configuration(int port, boolean forAnotherHost, boolean clientsNeedCertificate) {
        String name = forAnotherHost ? "other-host" : "server";
        return List.of(
                "port 0",
                "tls-port " + port,
                "tls-cert-file " + LocalServerBuilder.quoted(file(name + ".crt")),
                "tls-key-file " + LocalServerBuilder.quoted(file(name + ".key")),
                "tls-ca-cert-file " + LocalServerBuilder.quoted(file("ca.crt")),
                "tls-auth-clients " + (clientsNeedCertificate ? "yes" : "no"),
                "tls-replication yes",
                "tls-cluster yes");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }
}
