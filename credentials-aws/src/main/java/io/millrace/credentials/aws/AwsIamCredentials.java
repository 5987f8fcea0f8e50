package io.millrace.credentials.aws;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A new token for every connection. */
final class AwsIamCredentials implements Credentials {

    /** The services end a connection 12 hours after its last AUTH. */
    private static final Duration SESSION = Duration.ofHours(11);

    private final ConnectToken token;
    private final AwsIdentity identity;
    private final Clock clock;

    AwsIamCredentials(ConnectToken token, AwsIdentity identity, Clock clock) {
        this.token = token;
        this.identity = identity;
        this.clock = clock;
    }

    @Override
    public Login login() {
        return Login.of(token.user(), token.signedWith(identity.resolve()));
    }

    @Override
    public Optional<Instant> renewal(Login login) {
        return Optional.of(clock.instant().plus(SESSION));
    }

    @Override
    public String toString() {
        return "AWS IAM for the cache " + token.cache();
    }
}
