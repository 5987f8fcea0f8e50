package io.millrace.cloud.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.endpoint.TlsContext;
import io.millrace.endpoint.TlsSettings;
import io.millrace.redis.local.LocalCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocketFactory;

/** The token endpoint of Entra on this machine: it checks who asks and for what, and gives tokens with a number in them. */
public final class StandInEntra implements AutoCloseable {

    private static final String SECRET = "zq7ClientSecretPx";

    private final Set<String> usedIds = ConcurrentHashMap.newKeySet();
    private final HttpsServer server;
    private final SSLSocketFactory trusting;
    private final AtomicInteger given = new AtomicInteger();
    private volatile String assertion = "zq7.Assertion.Px";
    private volatile X509Certificate certificate;
    private volatile int validSeconds = 3600;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String error;

    public StandInEntra(Path directory) throws IOException {
        LocalCertificates files = LocalCertificates.writeTo(directory);
        TlsSettings tls = TlsSettings.on().withCa(files.authority());
        trusting = TlsContext.of(tls).getSocketFactory();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(TlsContext.of(
                tls.withClientCertificate(directory.resolve("server.crt"), directory.resolve("server.key")))));
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    public SSLSocketFactory trusting() {
        return trusting;
    }

    public int asked() {
        return asked.get();
    }

    /** From now on its tokens are good for so long. */
    public void givesTokensFor(int seconds) {
        validSeconds = seconds;
    }

    /** From now on this assertion of somebody else is the one that it trusts. */
    public void trusts(String otherAssertion) {
        assertion = otherAssertion;
    }

    /** From now on the application is registered with this certificate. */
    public void registers(X509Certificate ofTheApplication) {
        certificate = ofTheApplication;
    }

    /** Whether it has given this token to anybody. */
    public boolean hasGiven(String token) {
        for (int n = 1; n <= given.get(); n++) {
            if (token(n).equals(token)) {
                return true;
            }
        }
        return false;
    }

    /** The token of which there have been n. */
    public static String token(int n) {
        String claims = "{\"oid\":\"object-1\",\"n\":" + n + "}";
        return "header."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".zq7Sig";
    }

    /** From now on every request fails so; null for none. */
    public void fails(int status, String code, String aad) {
        error = code == null ? null : status + " " + code + " " + aad;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        String failure =
                error != null ? error : refusal(exchange.getRequestURI().getPath(), form);
        String json;
        int status = 200;
        if (failure == null) {
            json = "{\"token_type\":\"Bearer\",\"expires_in\":" + validSeconds + ",\"access_token\":\""
                    + token(given.incrementAndGet()) + "\"}";
        } else {
            String[] parts = failure.split(" ");
            status = Integer.parseInt(parts[0]);
            json = "{\"error\":\"" + parts[1] + "\",\"error_description\":\"" + parts[2]
                    + ": trace of the request\",\"error_codes\":[1]}";
        }
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String refusal(String path, Map<String, String> form) {
        if (!path.equals("/tenant-1/oauth2/v2.0/token")) {
            return "400 invalid_request AADSTS90002";
        }
        if (!"client_credentials".equals(form.get("grant_type"))
                || !String.valueOf(form.get("scope")).contains("https://redis.azure.com/.default")) {
            return "400 invalid_scope AADSTS70011";
        }
        boolean known = "client-1".equals(form.get("client_id"));
        if (known && SECRET.equals(form.get("client_secret"))) {
            return null;
        }
        String shown = form.get("client_assertion");
        if (!known
                || shown == null
                || !"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        .equals(form.get("client_assertion_type"))) {
            return "401 invalid_client AADSTS7000215";
        }
        if (shown.equals(assertion)) {
            return null;
        }
        return certificate == null
                ? "401 invalid_client AADSTS7000215"
                : new SignedAssertion(certificate, url() + path, "client-1").refusal(shown, usedIds);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
