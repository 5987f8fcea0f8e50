package io.millrace.endpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * Whether and how connections are encrypted.
 *
 * @param caFile PEM file with the certificates to trust, or null for the JVM's own trust store
 * @param certificateFile PEM file with the client's certificate chain, or null when the server asks for none
 * @param keyFile PEM file with the client's key in PKCS#8, given exactly when {@code certificateFile} is
 * @param verifyHostname whether the certificate must name the host that is connected to
 * @param protocols TLS versions offered, for example {@code TLSv1.3}
 */
public record TlsSettings(
        boolean enabled,
        Path caFile,
        Path certificateFile,
        Path keyFile,
        boolean verifyHostname,
        List<String> protocols) {

    private static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    private static final TlsSettings OFF = new TlsSettings(false, null, null, null, true, DEFAULT_PROTOCOLS);
    private static final TlsSettings ON = new TlsSettings(true, null, null, null, true, DEFAULT_PROTOCOLS);

    public TlsSettings {
        protocols = List.copyOf(protocols);
        if ((certificateFile == null) != (keyFile == null)) {
            throw new InvalidEndpointException("A client certificate needs both its certificate file and its key file: "
                    + (keyFile == null ? "the key file" : "the certificate file") + " is missing.");
        }
    }

    public static TlsSettings off() {
        return OFF;
    }

    /** Encrypted, trusting the JVM's certificate authorities, host name checked. */
    public static TlsSettings on() {
        return ON;
    }

    public TlsSettings withCa(Path file) {
        return new TlsSettings(enabled, file, certificateFile, keyFile, verifyHostname, protocols);
    }

    public TlsSettings withClientCertificate(Path certificate, Path key) {
        return new TlsSettings(enabled, caFile, certificate, key, verifyHostname, protocols);
    }

    public TlsSettings withVerifyHostname(boolean verify) {
        return new TlsSettings(enabled, caFile, certificateFile, keyFile, verify, protocols);
    }
}
