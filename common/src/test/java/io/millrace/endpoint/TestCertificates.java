package io.millrace.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** An authority of its own, made with the JDK's keytool, that signs certificates into PEM files. */
public final class TestCertificates {

    private static final String PASSWORD = "changeit";

    private final Path directory;

    public record Pem(Path certificate, Path key) {}

    public TestCertificates(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        keytool(store("ca"), "-genkeypair", "-keyalg", "EC", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c");
        keytool(store("ca"), "-exportcert", "-rfc", "-alias", "ca", "-file", ca().toString());
    }

    public Path ca() {
        return directory.resolve("ca.pem");
    }

    /**
     * A certificate of this authority and its key in PKCS#8.
     *
     * @param keyAlgorithm RSA or EC
     * @param extensions as keytool takes them, for example {@code san=dns:localhost}
     */
    public Pem issue(String name, String keyAlgorithm, String... extensions)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = store(name);
        keytool(store, "-genkeypair", "-keyalg", keyAlgorithm, "-alias", name, "-dname", "CN=" + name);
        Path request = directory.resolve(name + ".csr");
        Path signed = directory.resolve(name + ".signed.pem");
        keytool(store, "-certreq", "-alias", name, "-file", request.toString());
        List<String> sign = new ArrayList<>(List.of(
                "-gencert", "-rfc", "-alias", "ca", "-infile", request.toString(), "-outfile", signed.toString()));
        for (String extension : extensions) {
            sign.addAll(List.of("-ext", extension));
        }
        keytool(store("ca"), sign.toArray(new String[0]));
        Path key = directory.resolve(name + ".key.pem");
        writePem(key, "PRIVATE KEY", keyOf(store, name).getEncoded());
        return new Pem(signed, key);
    }

    static void writePem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private static Key keyOf(Path store, String alias) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys.getKey(alias, PASSWORD.toCharArray());
    }

    private Path store(String name) {
        return directory.resolve(name + ".p12");
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + output);
        }
    }
}
