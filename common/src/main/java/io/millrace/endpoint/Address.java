package io.millrace.endpoint;

import java.util.Locale;
import java.util.Objects;

/**
 * Where one Redis process listens.
 *
 * @param host a host name or an IP address; an IPv6 address is kept without brackets. Or the absolute path of a Unix socket
 * @param port 1 to 65535; 0 for a Unix socket
 */
public record Address(String host, int port) {

    public static final int DEFAULT_PORT = 6379;
    public static final int SENTINEL_PORT = 26_379;

    private static final String UNIX = "unix://";

    public Address {
        Objects.requireNonNull(host, "host");
        if (host.isEmpty()) {
            throw new InvalidEndpointException("The host is empty: give it as host:port, for example 10.0.0.5:6379.");
        }
        if (host.startsWith("/") ? port != 0 : port < 1 || port > 65_535) {
            throw new InvalidEndpointException(
                    "Port " + port + " of host " + host + " is out of range: a port is 1 to 65535.");
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}; without a port it is 6379. Or {@code
     * unix:///path}.
     *
     * @throws InvalidEndpointException when the text is none of these
     */
    public static Address parse(String text) {
        return parse(text, DEFAULT_PORT);
    }

    /** As {@link #parse(String)}, with another port where the text has none. */
    public static Address parse(String text, int defaultPort) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new InvalidEndpointException("An address is empty: give it as host:port, for example 10.0.0.5:6379.");
        }
        if (trimmed.startsWith(UNIX)) {
            return unix(trimmed.substring(UNIX.length()));
        }
        for (int i = 0; i < trimmed.length(); i++) {
            char c = trimmed.charAt(i);
            if (c <= ' ' || c == '/' || c == '@' || c == '?' || c == '#' || c == '\\') {
                throw new InvalidEndpointException("The address has the character " + describe(c) + " at position "
                        + (i + 1) + ": give it as host:port, for example 10.0.0.5:6379.");
            }
        }
        if (trimmed.startsWith("[")) {
            return parseBracketed(trimmed, defaultPort);
        }
        int colon = trimmed.indexOf(':');
        if (colon < 0) {
            return new Address(trimmed, defaultPort);
        }
        String host = trimmed.substring(0, colon);
        if (trimmed.indexOf(':', colon + 1) >= 0) {
            throw new InvalidEndpointException("The address that begins with '" + host
                    + "' has more than one colon: write an IPv6 address in brackets, for example [::1]:6379.");
        }
        return new Address(host, port(host, trimmed.substring(colon + 1)));
    }

    private static Address unix(String path) {
        if (!path.startsWith("/") || path.length() == 1) {
            throw new InvalidEndpointException(
                    "A Unix socket is given by its absolute path: write unix:///run/redis/redis.sock.");
        }
        return new Address(path, 0);
    }

    /** Whether this is the path of a Unix socket, on this machine. */
    public boolean isUnix() {
        return port == 0;
    }

    private static Address parseBracketed(String text, int defaultPort) {
        int close = text.indexOf(']');
        if (close < 0) {
            throw new InvalidEndpointException("An address has no closing bracket: write it as [::1]:6379.");
        }
        String host = text.substring(1, close);
        String rest = text.substring(close + 1);
        if (rest.isEmpty()) {
            return new Address(host, defaultPort);
        }
        if (rest.charAt(0) != ':') {
            throw new InvalidEndpointException(
                    "The address [" + host + "] goes on after the closing bracket: write it as [::1]:6379.");
        }
        return new Address(host, port(host, rest.substring(1)));
    }

    /** What stands where the port should be is never repeated: in a mistyped URI it may be the password. */
    private static int port(String host, String digits) {
        int value = 0;
        boolean number = !digits.isEmpty();
        for (int i = 0; number && i < digits.length(); i++) {
            char c = digits.charAt(i);
            number = c >= '0' && c <= '9';
            value = Math.min(value * 10 + (c - '0'), 100_000);
        }
        if (!number) {
            throw new InvalidEndpointException(
                    "The port after host '" + host + "' is not a number: a port is 1 to 65535.");
        }
        if (value < 1 || value > 65_535) {
            throw new InvalidEndpointException(
                    "The port after host '" + host + "' is out of range: a port is 1 to 65535.");
        }
        return value;
    }

    // Asked for every command to a cluster, nearly always about the same instance: the generated methods are slower.
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Address address && port == address.port && host.equals(address.host));
    }

    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    private static String describe(char c) {
        return c <= ' ' ? String.format(Locale.ROOT, "0x%02x", (int) c) : "'" + c + "'";
    }

    /** {@code host:port}, an IPv6 address in brackets, or {@code unix:///path}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return isUnix() ? UNIX + host : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
