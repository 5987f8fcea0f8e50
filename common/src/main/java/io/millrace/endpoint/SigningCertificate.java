package io.millrace.endpoint;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and the key that signs for it, in one PEM file.
 *
 * @param chain the certificate itself, and those that vouch for it if the file has them
 */
public record SigningCertificate(PrivateKey key, List<X509Certificate> chain) {

    public SigningCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * @param purpose as in "the client certificate file"
     * @throws InvalidEndpointException when the file cannot be used, as it cannot while it is written
     */
    public static SigningCertificate read(Path file, String purpose) {
        PemFile pem = new PemFile(file, purpose);
        SigningCertificate read = new SigningCertificate(pem.privateKey(), pem.certificates());
        try {
            if (KeyPairCheck.belongTogether(read.key(), read.chain().get(0).getPublicKey())) {
                return read;
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidEndpointException("The key in " + purpose + " " + file + " cannot sign.", file, e);
        }
        throw new InvalidEndpointException(
                "The key in " + purpose + " " + file
                        + " is not that of its first certificate: put the certificate of the key before all others.",
                file,
                null);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "the certificate " + chain.get(0).getSubjectX500Principal();
    }
}
