package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.json.JSONException;
import org.json.JSONObject;

/** The token of now, and when the next is due on connections that stand: the server ends them with the token otherwise. */
final class EntraCredentials implements Credentials {

    /** A token is not given out any more so long before it runs out. */
    private static final Duration FRESH = Duration.ofMinutes(5);

    /** After that, so that there is a newer one, and before the three minutes that Azure asks for. */
    private static final Duration BEFORE_END = Duration.ofMinutes(4);

    private static final Duration NOT_BEFORE = Duration.ofMinutes(1);

    private record Given(Login login, Instant end) {}

    private final TokenSource source;
    private final String user;
    private volatile Given given;

    /** @param user empty for the object id that the token names */
    EntraCredentials(TokenSource source, String user) {
        this.source = source;
        this.user = user;
    }

    @Override
    public synchronized Login login() {
        Given last = given;
        if (last != null && Instant.now().isBefore(last.end().minus(FRESH))) {
            return last.login();
        }
        IAuthenticationResult result;
        try {
            result = source.token();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CredentialsException.retryable("the question to Entra was interrupted");
        } catch (Exception e) { // the library declares no less
            throw EntraRefusal.of(e, source);
        }
        String token = result.accessToken();
        Login login = Login.of(user.isEmpty() ? objectId(token) : user, Secret.of(token));
        given = new Given(login, result.expiresOnDate().toInstant());
        return login;
    }

    @Override
    public Optional<Instant> renewal(Login login) {
        Given last = given;
        if (last == null || !last.login().equals(login)) {
            return Optional.empty();
        }
        Instant due = last.end().minus(BEFORE_END);
        Instant earliest = Instant.now().plus(NOT_BEFORE);
        return Optional.of(due.isBefore(earliest) ? earliest : due);
    }

    /** The claim oid of a token, which is a JWT (RFC 7519): the server has checked it, and knows its users by it. */
    private static String objectId(String token) {
        String[] parts = token.split("\\.");
        try {
            if (parts.length == 3) {
                byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
                return new JSONObject(new String(claims, StandardCharsets.UTF_8)).getString("oid");
            }
        } catch (IllegalArgumentException | JSONException e) {
            throw noObjectId();
        }
        throw noObjectId();
    }

    private static CredentialsException noObjectId() {
        return CredentialsException.lasting("the token of Entra names no object id; set redis.user to it");
    }

    @Override
    public String toString() {
        return "Entra for " + source;
    }
}
