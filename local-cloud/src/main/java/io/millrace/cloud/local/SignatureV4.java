package io.millrace.cloud.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** AWS Signature Version 4, written from its description and without the SDK: what a stand-in checks with. */
final class SignatureV4 {

    private SignatureV4() {}

    /** @param canonicalHeaders {@code name:value} and a line feed for each signed header, sorted */
    static String of(
            String method,
            String path,
            String canonicalQuery,
            String canonicalHeaders,
            String signedHeaders,
            byte[] body,
            String time,
            String scope,
            String secret) {
        String request =
                String.join("\n", method, path, canonicalQuery, canonicalHeaders, signedHeaders, hex(sha256(body)));
        String toSign = String.join(
                "\n", "AWS4-HMAC-SHA256", time, scope, hex(sha256(request.getBytes(StandardCharsets.UTF_8))));
        String[] parts = scope.split("/");
        byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), parts[0]);
        for (int i = 1; i < parts.length; i++) {
            key = hmac(key, parts[i]);
        }
        return hex(hmac(key, toSign));
    }

    /** The parameters of a query, decoded. */
    static Map<String, String> query(String text) {
        return Arrays.stream(text.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                        (a, b) -> a,
                        TreeMap::new));
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
