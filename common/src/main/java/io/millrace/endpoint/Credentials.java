package io.millrace.endpoint;

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
}
