package io.millrace.credentials.entra;

import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Credentials;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/** A login by Microsoft Entra ID: the password is an access token, and the user is the object id that it was given to. */
public final class EntraIdProvider implements CredentialProvider {

    public static final String NAME = "entra-id";

    static final String TENANT = "tenant.id";
    static final String CLIENT = "client.id";
    static final String SECRET = "client.secret";
    static final String ASSERTION = "client.assertion.path";
    static final String SCOPE = "scope";
    static final String AUTHORITY = "authority";

    private static final String REDIS = "https://redis.azure.com/.default";
    private static final String PUBLIC_CLOUD = "https://login.microsoftonline.com";

    private final Optional<SSLSocketFactory> sockets;

    public EntraIdProvider() {
        this(Optional.empty());
    }

    /** @param sockets in the place of the JVM's own, for an authority that the JVM does not trust */
    EntraIdProvider(Optional<SSLSocketFactory> sockets) {
        this.sockets = sockets;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<ProviderOption> options() {
        return List.of(
                ProviderOption.text(
                        TENANT,
                        "Id of the tenant. Empty, together with the next three, asks the managed identity of the machine. The"
                                + " user is that of redis.user, or else the object id in the token."),
                ProviderOption.text(
                        CLIENT,
                        "Id of the application; without a tenant, that of the user-assigned managed identity to ask."),
                new ProviderOption(SECRET, true, "Secret of the application."),
                ProviderOption.text(
                        ASSERTION,
                        "In place of the secret: a file with a signed assertion, as workload identity places it (the path in"
                                + " AZURE_FEDERATED_TOKEN_FILE); read again for every token."),
                ProviderOption.text(SCOPE, "Scope of the token; empty is " + REDIS + "."),
                ProviderOption.text(
                        AUTHORITY, "URL of the authority, for a cloud of its own; empty is " + PUBLIC_CLOUD + "."));
    }

    @Override
    public Credentials credentials(ProviderSettings settings) {
        String scope = settings.option(SCOPE).orElse(REDIS);
        Optional<String> tenant = settings.option(TENANT);
        Optional<String> client = settings.option(CLIENT);
        Optional<String> secret = settings.option(SECRET);
        Optional<Path> assertion = settings.option(ASSERTION).map(EntraIdProvider::path);
        if (tenant.isEmpty()) {
            if (secret.isPresent() || assertion.isPresent()) {
                throw new InvalidProviderOptionException(TENANT, "an application needs the id of its tenant.");
            }
            return new EntraCredentials(new ManagedIdentity(scope, client, Optional.empty()), settings.user());
        }
        if (client.isEmpty()) {
            throw new InvalidProviderOptionException(CLIENT, "with a tenant, the id of the application is needed.");
        }
        if (secret.isPresent() == assertion.isPresent()) {
            throw new InvalidProviderOptionException(
                    SECRET, "an application needs either its secret or a file with an assertion.");
        }
        String authority = settings.option(AUTHORITY).map(EntraIdProvider::url).orElse(PUBLIC_CLOUD);
        return new EntraCredentials(
                new Application(authority + "/" + tenant.get(), client.get(), secret, assertion, scope, sockets),
                settings.user());
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidProviderOptionException(ASSERTION, "this is no path of a file.");
        }
    }

    private static String url(String text) {
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidProviderOptionException(AUTHORITY, "this is no URL: write https://host.");
        }
        throw new InvalidProviderOptionException(AUTHORITY, "an authority is reached by https://host.");
    }
}
