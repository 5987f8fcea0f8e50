package io.millrace.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFileTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsKeysInPkcs8(String algorithm) throws Exception {
        PrivateKey key =
                KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
        Path file = directory.resolve("key.pem");
        TestCertificates.writePem(file, "PRIVATE KEY", key.getEncoded());
        assertThat(new PemFile(file, "the client key file").privateKey().getEncoded())
                .isEqualTo(key.getEncoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PRIVATE KEY", "EC PRIVATE KEY"})
    void refusesOtherKeyFormatsWithTheConversion(String label) throws IOException {
        assertRefused(pem("-----BEGIN " + label + "-----\nDEK-Info: x\nAAAA\n-----END " + label + "-----\n"))
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void refusesAnEncryptedKeyWithTheRemedy() throws IOException {
        assertRefused(pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"))
                .hasMessageContaining("passphrase")
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void refusesWhatIsDamaged() throws IOException {
        assertRefused(pem("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n"))
                .hasMessageContaining("not base64");
        assertRefused(pem("-----BEGIN PRIVATE KEY-----\nAAAA\n")).hasMessageContaining("cut short");
        assertRefused(pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"))
                .hasMessageContaining("neither RSA");
        assertRefused(pem("nothing")).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> new PemFile(pem("nothing"), "the CA file").certificates())
                .hasMessageContaining("The CA file")
                .hasMessageContaining("holds no certificate");
    }

    @Test
    void namesAFileThatIsNotThere() {
        Path missing = directory.resolve("missing.pem");
        assertRefused(missing).hasMessageContaining("NoSuchFileException").hasMessageContaining("missing.pem");
        assertThatThrownBy(() -> new PemFile(missing, "the CA file").certificates())
                .isInstanceOfSatisfying(
                        InvalidEndpointException.class,
                        e -> assertThat(e.file()).contains(missing));
    }

    private Path pem(String content) throws IOException {
        Path file = directory.resolve("file.pem");
        Files.writeString(file, content);
        return file;
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(Path file) {
        return assertThatThrownBy(() -> new PemFile(file, "the client key file").privateKey())
                .isInstanceOf(InvalidEndpointException.class)
                .hasMessageStartingWith("The client key file ");
    }
}
