package io.millrace.credentials;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import java.util.List;

/** The login that the configuration itself holds. */
public final class StaticProvider implements CredentialProvider {

    public static final String NAME = "static";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of();
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        return Login.of(settings.user(), settings.password());
    }
}
