package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.CredentialsException;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A provider of another jar, as far as the product can tell: it hands out what a test has queued, and then fails. */
public final class TokenProvider implements CredentialProvider {

    /** What the next connections get. */
    public static final Deque<String> TOKENS = new ArrayDeque<>();

    @Override
    public String name() {
        return "token";
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(new ProviderOption("role.key", true, "What to ask for tokens with."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        return () -> {
            if (TOKENS.isEmpty()) {
                throw CredentialsException.retryable("the token service does not answer");
            }
            return Login.of(settings.user(), Secret.of(TOKENS.remove()));
        };
    }
}
