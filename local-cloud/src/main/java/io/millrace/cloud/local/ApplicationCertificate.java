package io.millrace.cloud.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A certificate with an RSA key that an application shows to Entra, made anew by the JDK's keytool.
 *
 * @param file PEM, with the key in PKCS#8 before the certificate, as Azure's command line writes it
 */
public record ApplicationCertificate(Path file, X509Certificate certificate) {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "application";

    /** @param algorithm RSA, or one that Entra does not take */
    public static ApplicationCertificate writeTo(Path file, String algorithm) {
        try {
            Path store = Files.createTempFile(file.toAbsolutePath().getParent(), "application", ".p12");
            Files.delete(store);
            keytool(store, algorithm);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            Files.delete(store);
            X509Certificate certificate = (X509Certificate) keys.getCertificate(ALIAS);
            Files.writeString(
                    file,
                    pem(
                                    "PRIVATE KEY",
                                    keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded())
                            + pem("CERTIFICATE", certificate.getEncoded()));
            return new ApplicationCertificate(file, certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, String algorithm) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        algorithm,
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=application",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool makes no certificate: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool makes a certificate", e);
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
