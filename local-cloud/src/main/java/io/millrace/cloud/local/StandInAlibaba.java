package io.millrace.cloud.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * STS, Tair and KMS of Alibaba Cloud on this machine. Every request's ACS3-HMAC-SHA256 signature is computed anew, from the
 * description of "V3 request structure and signature" and without the SDK.
 */
public final class StandInAlibaba implements AutoCloseable {

    private static final Pattern AUTHORIZATION =
            Pattern.compile("ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]+)");

    /** @param action what was called, @param keyId by whom */
    public record Call(String action, String keyId, Map<String, String> query) {}

    private final Map<String, String> secretByKeyId = new ConcurrentHashMap<>();
    private final Map<String, String> tokenByKeyId = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, String> errors = new ConcurrentHashMap<>();
    private final HttpServer server;

    public StandInAlibaba() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on the action gives this JSON. */
    public void gives(String action, String json) {
        errors.remove(action);
        answers.put(action, json);
    }

    /** From now on the action fails. */
    public void fails(String action, int status, String code) {
        errors.put(action, status + " " + code);
    }

    /** A key of which the cloud knows; without a token it is not temporary. */
    public void knows(String keyId, String secret, String token) {
        secretByKeyId.put(keyId, secret);
        tokenByKeyId.put(keyId, token);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public long called(String action) {
        return calls.stream().filter(call -> call.action().equals(action)).count();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String action = header(exchange, "x-acs-action");
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        Matcher authorization = AUTHORIZATION.matcher(header(exchange, "Authorization"));
        String refusal =
                authorization.matches() ? refusal(exchange, body, query, authorization) : "IncompleteSignature";
        calls.add(new Call(action, authorization.matches() ? authorization.group(1) : "", query));
        String[] error = errors.getOrDefault(action, "").split(" ");
        if (refusal != null) {
            error = new String[] {"400", refusal};
        }
        boolean failed = error.length == 2;
        String json = failed
                ? "{\"RequestId\":\"1\",\"Code\":\"" + error[1]
                        + "\",\"Message\":\"repeats zq7OwnSecretPx\",\"HostId\":\"here\"}"
                : answers.get(action);
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(failed ? Integer.parseInt(error[0]) : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The code that the cloud would answer; null when the signature is right. */
    private String refusal(HttpExchange exchange, byte[] body, Map<String, String> query, Matcher authorization) {
        String keyId = authorization.group(1);
        String secret = secretByKeyId.get(keyId);
        if (secret == null) {
            return "InvalidAccessKeyId.NotFound";
        }
        if (!tokenByKeyId.getOrDefault(keyId, "").equals(header(exchange, "x-acs-security-token"))) {
            return "InvalidSecurityToken.Malformed";
        }
        Instant time = Instant.parse(header(exchange, "x-acs-date"));
        if (Duration.between(time, Instant.now()).abs().compareTo(Duration.ofMinutes(15)) > 0) {
            return "InvalidTimeStamp.Expired";
        }
        String hash = hex(sha256(body));
        List<String> signed = Arrays.asList(authorization.group(2).split(";"));
        List<String> must = new ArrayList<>(exchange.getRequestHeaders().keySet().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("x-acs-"))
                .toList());
        must.add("host");
        if (!signed.containsAll(must) || !hash.equals(header(exchange, "x-acs-content-sha256"))) {
            return "IncompleteSignature";
        }
        String canonicalQuery = query.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        String headers = signed.stream()
                .map(name -> name + ":" + header(exchange, name).strip() + "\n")
                .collect(Collectors.joining());
        String request = String.join(
                "\n", exchange.getRequestMethod(), "/", canonicalQuery, headers, authorization.group(2), hash);
        String expected =
                hex(hmac(secret, "ACS3-HMAC-SHA256\n" + hex(sha256(request.getBytes(StandardCharsets.UTF_8)))));
        return expected.equals(authorization.group(3)) ? null : "SignatureDoesNotMatch";
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            String[] parts = pair.split("=", 2);
            query.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
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

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
