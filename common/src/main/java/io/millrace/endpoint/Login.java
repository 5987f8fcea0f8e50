package io.millrace.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * How a connection authenticates.
 *
 * @param user the ACL user of Redis 6 and newer, or null for the default user (AUTH with the password alone)
 * @param secret the password; empty together with a null user means no AUTH at all
 */
public record Login(String user, Secret secret) implements Credentials {

    private static final byte[] AUTH = "AUTH".getBytes(StandardCharsets.US_ASCII);
    private static final Login NONE = new Login(null, Secret.none());

    public Login {
        Objects.requireNonNull(secret, "secret");
        if (user != null && user.isEmpty()) {
            user = null;
        }
    }

    public static Login none() {
        return NONE;
    }

    public static Login password(Secret password) {
        return new Login(null, password);
    }

    public static Login of(String user, Secret password) {
        return new Login(user, password);
    }

    /** This login itself: it stays what it is. */
    @Override
    public Login login() {
        return this;
    }

    public boolean isNone() {
        return user == null && secret.isEmpty();
    }

    /** The AUTH command with its arguments, or empty when the connection does not authenticate. Holds the password: never log it. */
    public Optional<byte[][]> authCommand() {
        if (isNone()) {
            return Optional.empty();
        }
        return Optional.of(
                user == null
                        ? new byte[][] {AUTH.clone(), secret.reveal()}
                        : new byte[][] {AUTH.clone(), user.getBytes(StandardCharsets.UTF_8), secret.reveal()});
    }

    @Override
    public String toString() {
        return isNone() ? "no login" : (user == null ? "default" : user) + ":" + secret;
    }
}
