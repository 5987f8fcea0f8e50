package io.millrace.endpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and private keys in PEM (RFC 7468). No message ever holds the content of a file. */
final class PemFile {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private record Block(String label, byte[] der) {}

    private final Path path;
    private final String purpose;

    /** @param purpose what the file is for, as it is named in an error: "the CA file" */
    PemFile(Path path, String purpose) {
        this.path = path;
        this.purpose = purpose;
    }

    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
                certificates.add(certificate(block.der));
            }
        }
        if (certificates.isEmpty()) {
            throw invalid(named() + " holds no certificate: it must be PEM with at least one"
                    + " 'BEGIN CERTIFICATE' block.");
        }
        return certificates;
    }

    PrivateKey privateKey() {
        for (Block block : blocks()) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der);
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw invalid(named()
                            + " is protected by a passphrase: decrypt it with 'openssl pkcs8 -in key.pem -out key8.pem' and"
                            + " protect the file by its permissions.");
                case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw invalid(named() + " is not in PKCS#8 ('BEGIN " + block.label
                            + "'): convert it with 'openssl pkcs8 -topk8 -nocrypt -in key.pem -out key8.pem'.");
                default -> {
                    // a certificate or EC parameters beside the key
                }
            }
        }
        throw invalid(named() + " holds no private key: it must be PEM with a 'BEGIN PRIVATE KEY' block.");
    }

    private PrivateKey pkcs8(byte[] der) {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                continue; // the key is of another algorithm
            } catch (GeneralSecurityException e) {
                throw invalid(named() + " cannot be read: this JVM has no " + algorithm + ".", e);
            }
        }
        throw invalid(named() + " holds a key that is neither RSA, EC nor EdDSA.");
    }

    private X509Certificate certificate(byte[] der) {
        try {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return (X509Certificate) certificate;
        } catch (CertificateException e) {
            throw invalid(named() + " holds a damaged certificate: export it again.", e);
        }
    }

    private List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        String label = null;
        StringBuilder base64 = new StringBuilder();
        for (String line : lines()) {
            if (label == null) {
                if (line.startsWith(BEGIN)
                        && line.endsWith(DASHES)
                        && line.length() > BEGIN.length() + DASHES.length()) {
                    label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                    base64.setLength(0);
                }
            } else if (line.equals("-----END " + label + DASHES)) {
                blocks.add(new Block(label, decode(label, base64)));
                label = null;
            } else if (line.indexOf(':') < 0) { // a header of the traditional format ("DEK-Info: ...") is not base64
                base64.append(line);
            }
        }
        if (label != null) {
            throw invalid(named() + " is cut short: 'BEGIN " + label + "' has no matching end. Copy the file again.");
        }
        return blocks;
    }

    private byte[] decode(String label, StringBuilder base64) {
        try {
            return label.endsWith("PRIVATE KEY") && !label.equals("PRIVATE KEY")
                    ? new byte[0] // refused by its label, whatever it holds
                    : Base64.getDecoder().decode(base64.toString().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw invalid(
                    named() + " has a damaged block 'BEGIN " + label + "': it is not base64. Copy the file again.");
        }
    }

    private List<String> lines() {
        try {
            String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
            return text.lines().map(String::strip).toList();
        } catch (IOException e) {
            throw invalid(
                    named() + " cannot be read (" + e.getClass().getSimpleName()
                            + "): check the path and its permissions.",
                    e);
        }
    }

    private InvalidEndpointException invalid(String message) {
        return new InvalidEndpointException(message, path, null);
    }

    private InvalidEndpointException invalid(String message, Exception cause) {
        return new InvalidEndpointException(message, path, cause);
    }

    private String named() {
        return Character.toUpperCase(purpose.charAt(0)) + purpose.substring(1) + " " + path;
    }
}
