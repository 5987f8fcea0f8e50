package io.millrace.credentials.entra;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentityId;
import com.microsoft.aad.msal4j.ManagedIdentityParameters;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The identity that Azure gives to the machine, container or function that this runs on. Thread-safe. */
final class ManagedIdentity implements TokenSource {

    private static final String DEFAULT = "/.default";
    private static final long LONGEST_SECONDS = 30;

    private final String resource;
    private final Optional<String> client;
    private final Optional<IHttpClient> http;
    private ManagedIdentityApplication application;

    /** @param http in the place of the library's own */
    ManagedIdentity(String scope, Optional<String> client, Optional<IHttpClient> http) {
        this.http = http;
        this.resource = scope.endsWith(DEFAULT) ? scope.substring(0, scope.length() - DEFAULT.length()) : scope;
        this.client = client;
    }

    @Override
    public IAuthenticationResult token() throws Exception {
        return application()
                .acquireTokenForManagedIdentity(
                        ManagedIdentityParameters.builder(resource).build())
                .get(LONGEST_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized ManagedIdentityApplication application() {
        if (application == null) {
            ManagedIdentityApplication.Builder builder = ManagedIdentityApplication.builder(
                    client.map(ManagedIdentityId::userAssignedClientId).orElseGet(ManagedIdentityId::systemAssigned));
            http.ifPresent(builder::httpClient);
            application = builder.build();
        }
        return application;
    }

    @Override
    public String toString() {
        return client.map(id -> "the managed identity " + id).orElse("the managed identity of this machine");
    }
}
