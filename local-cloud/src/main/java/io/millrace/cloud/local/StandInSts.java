package io.millrace.cloud.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** AWS's token service on this machine: it checks who asks, and hands out what a test has queued. */
public final class StandInSts implements AutoCloseable {

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)");

    /** An answer: an error's status and code, or temporary keys. */
    public record Answer(int status, String code, String keyId, String secret, Instant expiration) {

        public static Answer keys(String keyId, String secret, Instant expiration) {
            return new Answer(200, "", keyId, secret, expiration);
        }

        public static Answer error(int status, String code) {
            return new Answer(status, code, "", "", null);
        }
    }

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private final String keyId;
    private final String secret;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Map<String, String> form = Map.of();

    public StandInSts(String keyId, String secret) throws IOException {
        this.keyId = keyId;
        this.secret = secret;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next request that nothing else answers gets this. */
    public void gives(Answer answer) {
        answers.add(answer);
    }

    public int asked() {
        return asked.get();
    }

    /** The last request. */
    public Map<String, String> form() {
        return form;
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        asked.incrementAndGet();
        form = SignatureV4.query(new String(body, StandardCharsets.UTF_8));
        Answer answer = isSigned(exchange, body) ? answers.remove() : Answer.error(403, "SignatureDoesNotMatch");
        String text = answer.status() == 200
                ? "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
                        + "<AccessKeyId>" + answer.keyId() + "</AccessKeyId><SecretAccessKey>" + answer.secret()
                        + "</SecretAccessKey><SessionToken>zq7SessionTokenPx</SessionToken><Expiration>"
                        + answer.expiration() + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
                : "<ErrorResponse><Error><Type>Sender</Type><Code>" + answer.code()
                        + "</Code><Message>repeats zq7OwnSecretPx</Message></Error></ErrorResponse>";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private boolean isSigned(HttpExchange exchange, byte[] body) {
        Matcher authorization =
                AUTHORIZATION.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!authorization.matches() || !authorization.group(1).equals(keyId)) {
            return false;
        }
        String headers = Arrays.stream(authorization.group(3).split(";"))
                .map(name -> name + ":"
                        + exchange.getRequestHeaders().get(name).stream()
                                .map(value -> value.strip().replaceAll(" +", " "))
                                .collect(Collectors.joining(","))
                        + "\n")
                .collect(Collectors.joining());
        return SignatureV4.of(
                        exchange.getRequestMethod(),
                        "/",
                        "",
                        headers,
                        authorization.group(3),
                        body,
                        exchange.getRequestHeaders().getFirst("X-Amz-Date"),
                        authorization.group(2),
                        secret)
                .equals(authorization.group(4));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
