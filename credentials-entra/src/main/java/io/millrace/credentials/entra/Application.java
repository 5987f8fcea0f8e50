package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import java.net.MalformedURLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;

/** An application that shows its secret, its certificate, or an assertion of somebody whom Entra trusts. Thread-safe. */
final class Application implements TokenSource {

    static final int TIMEOUT_MILLIS = 10_000;
    private static final long LONGEST_SECONDS = 30;

    private final String authority;
    private final String client;
    private final ClientProof proof;
    private final String scope;
    private final Optional<SSLSocketFactory> sockets;
    private IClientCredential last;
    private ConfidentialClientApplication application;

    /** @param authority with the tenant */
    Application(String authority, String client, ClientProof proof, String scope, Optional<SSLSocketFactory> sockets) {
        this.authority = authority;
        this.client = client;
        this.proof = proof;
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
        IClientCredential now = proof.now();
        if (application == null || !now.equals(last)) {
            // No look-up of the authority at the public cloud: it is what the configuration says.
            ConfidentialClientApplication.Builder builder = ConfidentialClientApplication.builder(client, now)
                    .authority(authority)
                    .instanceDiscovery(false)
                    .executorService(ForkJoinPool.commonPool())
                    .connectTimeoutForDefaultHttpClient(TIMEOUT_MILLIS)
                    .readTimeoutForDefaultHttpClient(TIMEOUT_MILLIS);
            sockets.ifPresent(builder::sslSocketFactory);
            application = builder.build();
            last = now;
        }
        return application;
    }

    @Override
    public String toString() {
        return "the application " + client;
    }
}
