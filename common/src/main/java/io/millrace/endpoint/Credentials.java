package io.millrace.endpoint;

import java.time.Instant;
import java.util.Optional;

/**
 * Where the login of a connection comes from. It is asked at every new connection, so that a login that has changed since
 * takes effect without a restart. A {@link Login} is its own, which never changes.
 *
 * <p>Implementations are thread-safe, may block for as long as a connect may take, and describe themselves in
 * {@link Object#toString} as in "the password file /etc/redis/password", without a secret.
 */
@FunctionalInterface
public interface Credentials {

    /**
     * The login to use now.
     *
     * @throws CredentialsException when there is none to be had
     */
    Login login();

    /**
     * When a connection that has logged in with {@code login} must do so again with a newer one, because the server ends it
     * otherwise; a little before that. Empty when it may stay for ever. Does not block.
     */
    default Optional<Instant> renewal(Login login) {
        return Optional.empty();
    }

    /**
     * Where the server is, for credentials that belong to one server and can say so. It stands in the place of configured
     * hosts.
     */
    default Optional<Location> location() {
        return Optional.empty();
    }
}
