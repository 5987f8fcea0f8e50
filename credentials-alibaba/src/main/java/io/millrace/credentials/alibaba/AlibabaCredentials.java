package io.millrace.credentials.alibaba;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Location;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import java.util.Optional;

/** Endpoint and login of one instance. */
final class AlibabaCredentials implements Credentials {

    private final InstanceLocation location;
    private final Optional<KmsSecret> secret;
    private final String user;
    private final Secret password;

    AlibabaCredentials(InstanceLocation location, Optional<KmsSecret> secret, String user, Secret password) {
        this.location = location;
        this.secret = secret;
        this.user = user;
        this.password = password;
    }

    @Override
    public Login login() {
        return secret.map(kept -> kept.login(user)).orElseGet(() -> Login.of(user, password));
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(location);
    }

    @Override
    public String toString() {
        return location + (secret.isPresent() ? " and a secret in KMS" : "") + " of Alibaba Cloud";
    }
}
