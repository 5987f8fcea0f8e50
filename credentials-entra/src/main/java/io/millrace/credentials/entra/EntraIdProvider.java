package io.millrace.credentials.entra;

import io.millrace.credentials.CredentialProvider;
import io.millrace.credentials.InvalidProviderOptionException;
import io.millrace.credentials.ProviderOption;
import io.millrace.credentials.ProviderSettings;
import io.millrace.endpoint.Credentials;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;

/** A login by Microsoft Entra ID: the password is an access token, and the user is the object id that it was given to. */
public final class EntraIdProvider implements CredentialProvider {

    public static final String NAME = "entra-id";

    static final String TENANT = "tenant.id";
    static final String CLIENT = "client.id";
    static final String SECRET = "client.secret";
    static final String CERTIFICATE = "client.certificate.path";
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
                        "Id of the tenant. Empty, together with the next four, asks the managed identity of the machine. The"
                                + " user is that of redis.user, or else the object id in the token."),
                ProviderOption.text(
                        CLIENT,
                        "Id of the application; without a tenant, that of the user-assigned managed identity to ask."),
                ProviderOption.secret(SECRET, "Secret of the application."),
                ProviderOption.text(
                        CERTIFICATE,
                        "In place of the secret: a PEM file with the application's certificate and its RSA key in PKCS#8;"
                                + " read again for every token."),
                ProviderOption.text(
                        ASSERTION,
                        "In place of either: a file with a signed assertion, as workload identity places it (the path in"
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
        List<ClientProof> proofs = proofs(settings);
        if (tenant.isEmpty()) {
            if (!proofs.isEmpty()) {
                throw new InvalidProviderOptionException(TENANT, "an application needs the id of its tenant.");
            }
            return new EntraCredentials(new ManagedIdentity(scope, client, Optional.empty()), settings.user());
        }
        if (client.isEmpty()) {
            throw new InvalidProviderOptionException(CLIENT, "with a tenant, the id of the application is needed.");
        }
        if (proofs.size() != 1) {
            throw new InvalidProviderOptionException(
                    SECRET,
                    "an application needs its secret, or a file with its certificate or with an assertion; set one.");
        }
        String authority = authority(settings).orElse(PUBLIC_CLOUD);
        return new EntraCredentials(
                new Application(authority + "/" + tenant.get(), client.get(), proofs.get(0), scope, sockets),
                settings.user());
    }

    private static List<ClientProof> proofs(ProviderSettings settings) {
        return Stream.<Optional<ClientProof>>of(
                        settings.option(SECRET).map(ClientProof.Shared::of),
                        settings.path(CERTIFICATE).map(ClientProof.Certificate::new),
                        settings.path(ASSERTION).map(ClientProof.Assertion::in))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> authority(ProviderSettings settings) {
        Optional<String> authority = settings.url(AUTHORITY).map(URI::toString);
        if (authority.isPresent() && !authority.get().startsWith("https://")) {
            throw new InvalidProviderOptionException(AUTHORITY, "an authority is reached by https://host.");
        }
        return authority.map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }
}
