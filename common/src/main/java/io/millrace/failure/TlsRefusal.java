package io.millrace.failure;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;

/**
 * Tells apart why a TLS handshake failed: by the type of what the check of the server's certificate threw, and by the alert
 * that a server sends about ours (RFC 8446, section 6.2). A server with TLS 1.2 has no alert of its own for a certificate
 * that is missing and says handshake_failure.
 */
final class TlsRefusal {

    private static final List<String> ALERTS_ABOUT_OURS = List.of(
            "certificate_required",
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "unknown_ca",
            "access_denied",
            "handshake_failure");

    private TlsRefusal() {}

    static Kind kindOf(Throwable ssl) {
        boolean path = false;
        boolean certificate = false;
        for (Throwable t = ssl; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException || t instanceof CertificateNotYetValidException) {
                return Kind.TLS_EXPIRED;
            }
            path |= t instanceof CertPathBuilderException || t instanceof CertPathValidatorException;
            certificate |= t instanceof CertificateException;
        }
        if (path) {
            return Kind.TLS_UNTRUSTED;
        }
        if (certificate) {
            return Kind.TLS_HOST; // the one check that JSSE makes beside the path
        }
        String message = ssl.getMessage() == null ? "" : ssl.getMessage();
        boolean aboutOurs =
                message.contains("fatal alert") && ALERTS_ABOUT_OURS.stream().anyMatch(message::contains);
        return aboutOurs ? Kind.TLS_CLIENT_CERTIFICATE : Kind.TLS;
    }
}
