package io.millrace.redis.local;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** Signs X.509 certificates (RFC 5280) with P-256 keys, valid from a day ago for ten years. */
final class CertificateAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.objectIdentifier(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] COMMON_NAME = Der.objectIdentifier(2, 5, 4, 3);
    private static final byte[] BASIC_CONSTRAINTS = Der.objectIdentifier(2, 5, 29, 19);
    private static final byte[] ALTERNATIVE_NAMES = Der.objectIdentifier(2, 5, 29, 17);
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String name;
    private final KeyPair keys;

    CertificateAuthority(String name) {
        this.name = name;
        this.keys = newKeys();
    }

    /** Writes the authority's own certificate. */
    Path writeOwn(Path file) throws IOException {
        byte[] constraints = extension(BASIC_CONSTRAINTS, Der.sequence(Der.yes()));
        return writePem(file, "CERTIFICATE", certificate(name, keys.getPublic(), constraints, Duration.ofDays(3650)));
    }

    /** Writes a new key to {@code base.key} and its certificate, for these hosts or addresses, to {@code base.crt}. */
    void issue(Path directory, String base, List<String> hosts) throws IOException {
        issue(directory, base, hosts, Duration.ofDays(3650));
    }

    /** The same, of another validity: it begins a day ago, so that one of an hour is over. */
    void issue(Path directory, String base, List<String> hosts, Duration validity) throws IOException {
        KeyPair subject = newKeys();
        byte[][] names = new byte[hosts.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = alternativeName(hosts.get(i));
        }
        byte[] extension = names.length == 0 ? new byte[0] : extension(ALTERNATIVE_NAMES, Der.sequence(names));
        Path key = directory.resolve(base + ".key");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        writePem(key, "PRIVATE KEY", subject.getPrivate().getEncoded());
        writePem(
                directory.resolve(base + ".crt"),
                "CERTIFICATE",
                certificate(base, subject.getPublic(), extension, validity));
    }

    private byte[] certificate(String subject, PublicKey key, byte[] extension, Duration validity) {
        Instant from = Instant.now().minus(Duration.ofDays(1));
        byte[] version3 = Der.tagged(Der.CONTEXT, Der.integer(BigInteger.TWO));
        byte[] extensions = extension.length == 0 ? new byte[0] : Der.tagged(Der.CONTEXT | 3, Der.sequence(extension));
        byte[] signed = Der.sequence(
                version3,
                Der.integer(new BigInteger(63, RANDOM)),
                ECDSA_WITH_SHA256,
                distinguishedName(name),
                Der.sequence(Der.time(from), Der.time(from.plus(validity))),
                distinguishedName(subject),
                key.getEncoded(),
                extensions);
        return Der.sequence(signed, ECDSA_WITH_SHA256, Der.bits(sign(signed)));
    }

    private byte[] sign(byte[] content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate(), RANDOM);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new LocalServerException("Cannot sign a certificate", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new LocalServerException("Cannot make a key for a certificate", e);
        }
    }

    private static byte[] distinguishedName(String commonName) {
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(commonName))));
    }

    private static byte[] extension(byte[] identifier, byte[] value) {
        return Der.sequence(identifier, Der.octets(value));
    }

    private static byte[] alternativeName(String host) throws IOException {
        boolean address = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
        // A literal address is not looked up.
        return address
                ? Der.tagged(IP_ADDRESS, InetAddress.getByName(host).getAddress())
                : Der.tagged(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
    }

    private static Path writePem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }
}
