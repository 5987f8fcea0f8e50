package io.millrace.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;

/**
 * The TLS files of an endpoint, read again when their content is another one. By content and not by date: the files are
 * small, connections are rare, and a date says nothing about a link that points elsewhere now. Thread-safe.
 */
final class TlsFiles {

    private final TlsSettings settings;
    private byte[] digest;
    private SSLSocketFactory factory;

    /** @throws InvalidEndpointException when a file cannot be used */
    TlsFiles(TlsSettings settings) {
        this.settings = settings;
        try {
            this.digest = digest();
        } catch (IOException e) {
            this.digest = new byte[0]; // the next line names the file
        }
        this.factory = TlsContext.of(settings).getSocketFactory();
    }

    /**
     * For a new connection; never one that was made from files that have changed since.
     *
     * @throws IOException when the files as they are now cannot be used, as they cannot while only one of two is replaced; a
     *     later call may find them whole
     */
    synchronized SSLSocketFactory socketFactory() throws IOException {
        byte[] now = digest();
        if (!Arrays.equals(now, digest)) {
            try {
                factory = TlsContext.of(settings).getSocketFactory();
            } catch (InvalidEndpointException e) {
                throw new IOException("the TLS files have changed and cannot be used: " + e.getMessage(), e);
            }
            digest = now;
        }
        return factory;
    }

    /** Of all files; an {@link IOException} has the path for its message. */
    private byte[] digest() throws IOException {
        MessageDigest all = sha256();
        for (Path file : Stream.of(settings.caFile(), settings.certificateFile(), settings.keyFile())
                .filter(Objects::nonNull)
                .toList()) {
            all.update(
                    sha256().digest(Files.readAllBytes(file))); // of a fixed length, so that no content moves between
        }
        return all.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
