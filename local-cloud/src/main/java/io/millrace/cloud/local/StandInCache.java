package io.millrace.cloud.local;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checks a token as the servers of ElastiCache have IAM do it: the signature, its age, and what it was made for. */
public record StandInCache(String cache, String service, String region, Map<String, String> secretByKeyId) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /** What keeps the token from being accepted, or "accepted". */
    public String check(String token, String user, Instant now) {
        int mark = token.indexOf("/?");
        if (mark < 0 || !token.substring(0, mark).equals(cache)) {
            return "of another cache";
        }
        Map<String, String> query = SignatureV4.query(token.substring(mark + 2));
        if (!"connect".equals(query.get("Action")) || !user.equals(query.get("User"))) {
            return "of another user";
        }
        String[] credential = query.get("X-Amz-Credential").split("/", 2);
        Instant made = Instant.from(TIME.parse(query.get("X-Amz-Date")));
        String scope = query.get("X-Amz-Date").substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        if (!credential[1].equals(scope)) {
            return "of another scope";
        }
        Map<String, String> signed = new TreeMap<>(query);
        signed.remove("X-Amz-Signature");
        String canonical = signed.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
        String expected = SignatureV4.of(
                "GET",
                "/",
                canonical,
                "host:" + cache + "\n",
                query.get("X-Amz-SignedHeaders"),
                new byte[0],
                query.get("X-Amz-Date"),
                scope,
                secretByKeyId.getOrDefault(credential[0], "unknown key"));
        if (!expected.equals(query.get("X-Amz-Signature"))) {
            return "with a wrong signature";
        }
        Duration validity = Duration.ofSeconds(Long.parseLong(query.get("X-Amz-Expires")));
        return made.plus(validity).isBefore(now) || made.isAfter(now.plusSeconds(300)) ? "out of its time" : "accepted";
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c < 128 && Character.isLetterOrDigit(c)) || "-._~".indexOf(c) >= 0;
            out.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return out.toString();
    }
}
