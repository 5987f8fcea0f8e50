package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.IClientCredential;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.SigningCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** By what an application shows that it is the one. */
sealed interface ClientProof {

    /**
     * What Microsoft's library makes a request with now; equal to the one before where nothing has changed since.
     *
     * @throws CredentialsException when a file cannot be used
     */
    IClientCredential now();

    /** A text that both know. */
    record Shared(IClientCredential secret) implements ClientProof {

        static Shared of(String secret) {
            return new Shared(ClientCredentialFactory.createFromSecret(secret));
        }

        @Override
        public IClientCredential now() {
            return secret;
        }
    }

    /** An assertion of somebody whom Entra trusts, in a file that is read again for every token. */
    record Assertion(IClientCredential reading) implements ClientProof {

        static Assertion in(Path file) {
            return new Assertion(ClientCredentialFactory.createFromCallback(() -> read(file)));
        }

        private static String read(Path file) {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw CredentialsException.retryable("the assertion file " + file + " cannot be read ("
                        + e.getClass().getSimpleName() + ")");
            }
        }

        @Override
        public IClientCredential now() {
            return reading;
        }
    }

    /** A certificate, whose key signs an assertion for every token; its file is read again before. Thread-safe. */
    final class Certificate implements ClientProof {

        private static final String RSA = "RSA";

        private final Path file;
        private SigningCertificate last;
        private IClientCredential credential;

        Certificate(Path file) {
            this.file = file;
        }

        @Override
        public synchronized IClientCredential now() {
            SigningCertificate read;
            try {
                read = SigningCertificate.read(file, "the client certificate file");
            } catch (InvalidEndpointException e) {
                String sentence = e.getMessage();
                throw CredentialsException.retryable(
                        Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1, sentence.length() - 1));
            }
            if (!read.key().getAlgorithm().equals(RSA)) {
                throw CredentialsException.lasting("the client certificate file " + file + " has a key for "
                        + read.key().getAlgorithm()
                        + ", and Entra takes RSA alone; make a certificate with an RSA key");
            }
            if (!read.equals(last)) {
                credential = ClientCredentialFactory.createFromCertificateChain(read.key(), read.chain());
                last = read;
            }
            return credential;
        }
    }
}
