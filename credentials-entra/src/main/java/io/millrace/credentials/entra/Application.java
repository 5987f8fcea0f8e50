package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import io.millrace.endpoint.CredentialsException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;

/** An application that shows its secret, or an assertion of somebody whom Entra trusts. Thread-safe. */
final class Application implements TokenSource {

    static final int TIMEOUT_MILLIS = 10_000;
    private static final long LONGEST_SECONDS = 30;

    private final String authority;
    private final String client;
    private final Optional<String> secret;
    private final Optional<Path> assertion;
    private final String scope;
    private final Optional<SSLSocketFactory> sockets;
    private ConfidentialClientApplication application;

    /** @param authority with the tenant */
    Application(
            String authority,
            String client,
            Optional<String> secret,
            Optional<Path> assertion,
            String scope,
            Optional<SSLSocketFactory> sockets) {
        this.authority = authority;
        this.client = client;
        this.secret = secret;
        this.assertion = assertion;
        this.scope = scope;
        this.sockets = sockets;
    }

    @Override
    public IAuthenticationResult token() throws Exception {
        return application()
                .acquireToken(ClientCredentialParameters.builder(Set.of(scope)).build())
                .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized ConfidentialClientApplication application() throws MalformedURLException {
        if (application == null) {
            IClientCredential proof = secret.<IClientCredential>map(ClientCredentialFactory::createFromSecret)
                    .orElseGet(() -> ClientCredentialFactory.createFromCallback(this::readAssertion));
            // No look-up of the authority at the public cloud: it is what the configuration says.
            ConfidentialClientApplication.Builder builder = ConfidentialClientApplication.builder(client, proof)
                    .authority(authority)
                    .instanceDiscovery(false)
                    .executorService(ForkJoinPool.commonPool())
                    .connectTimeoutForDefaultHttpClient(TIMEOUT_MILLIS)
                    .readTimeoutForDefaultHttpClient(TIMEOUT_MILLIS);
            sockets.ifPresent(builder::sslSocketFactory);
            application = builder.build();
        }
        return application;
    }

    private String readAssertion() {
        Path file = assertion.orElseThrow();
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw CredentialsException.retryable("the assertion file " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public String toString() {
        return "the application " + client;
    }
}
