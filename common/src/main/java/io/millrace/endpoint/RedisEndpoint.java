package io.millrace.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * All that is needed to open a connection to a Redis deployment. Immutable; {@link #toString} masks the password.
 *
 * @param addresses one address of a standalone server, or one or more seeds of a cluster, or one or more sentinels
 * @param credentials where each new connection gets its login
 * @param connectTimeout how long the TCP connect and the TLS handshake may take, each; positive
 * @param readTimeout how long a reply may take; zero waits for ever
 * @param sentinel null unless the topology is SENTINEL
 */
public record RedisEndpoint(
        Topology topology,
        List<Address> addresses,
        Credentials credentials,
        TlsSettings tls,
        Duration connectTimeout,
        Duration readTimeout,
        SentinelSettings sentinel) {

    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Long enough for a FLUSHALL of a large keyspace. */
    public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(60);

    public RedisEndpoint {
        Objects.requireNonNull(topology, "topology");
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(tls, "tls");
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new InvalidEndpointException("There is no address: give at least one host:port.");
        }
        if (topology == Topology.STANDALONE && addresses.size() > 1) {
            throw new InvalidEndpointException("There are " + addresses.size()
                    + " addresses for a standalone server: give one, or say that the topology is cluster.");
        }
        if (addresses.stream().anyMatch(Address::isUnix) && (tls.enabled() || topology == Topology.CLUSTER)) {
            throw new InvalidEndpointException(
                    "A Unix socket is on this machine: it takes no TLS, and is no seed of a cluster.");
        }
        if ((sentinel != null) != (topology == Topology.SENTINEL)) {
            throw new InvalidEndpointException(
                    "Sentinels and the name of the master go together: give both or neither.");
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new InvalidEndpointException("The connect timeout must be longer than 0 ms.");
        }
        if (readTimeout.isNegative()) {
            throw new InvalidEndpointException("The read timeout must not be negative; 0 waits for ever.");
        }
    }

    /** Without sentinels. */
    public RedisEndpoint(
            Topology topology,
            List<Address> addresses,
            Credentials credentials,
            TlsSettings tls,
            Duration connectTimeout,
            Duration readTimeout) {
        this(topology, addresses, credentials, tls, connectTimeout, readTimeout, null);
    }

    /** A standalone server without login and TLS, with the default timeouts. */
    public static RedisEndpoint standalone(Address address) {
        return new RedisEndpoint(
                Topology.STANDALONE,
                List.of(address),
                Login.none(),
                TlsSettings.off(),
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_READ_TIMEOUT);
    }

    /** A cluster reached through the given seeds, without login and TLS, with the default timeouts. */
    public static RedisEndpoint cluster(List<Address> seeds) {
        return new RedisEndpoint(
                Topology.CLUSTER,
                seeds,
                Login.none(),
                TlsSettings.off(),
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_READ_TIMEOUT);
    }

    /** With a login that stays. */
    public RedisEndpoint withLogin(Login other) {
        return withCredentials(other);
    }

    public RedisEndpoint withCredentials(Credentials other) {
        return new RedisEndpoint(topology, addresses, other, tls, connectTimeout, readTimeout, sentinel);
    }

    public RedisEndpoint withTls(TlsSettings other) {
        return new RedisEndpoint(topology, addresses, credentials, other, connectTimeout, readTimeout, sentinel);
    }

    public RedisEndpoint withTimeouts(Duration connect, Duration read) {
        return new RedisEndpoint(topology, addresses, credentials, tls, connect, read, sentinel);
    }

    /** Behind sentinels, which are the addresses. */
    public RedisEndpoint withSentinels(SentinelSettings settings) {
        return new RedisEndpoint(Topology.SENTINEL, addresses, credentials, tls, connectTimeout, readTimeout, settings);
    }

    /** The first address: the server itself when standalone, the first seed of a cluster, the first sentinel. */
    public Address firstAddress() {
        return addresses.get(0);
    }

    /** For example {@code rediss://app:****@10.0.0.5:6379 (standalone)}; asks for no login. */
    @Override
    public String toString() {
        return (tls.enabled() ? "rediss://" : firstAddress().isUnix() ? "" : "redis://")
                + (credentials instanceof Login login ? shown(login) : "")
                + addresses.stream().map(Address::toString).collect(Collectors.joining(","))
                + switch (topology) {
                    case STANDALONE -> " (standalone";
                    case CLUSTER -> " (cluster";
                    case SENTINEL -> " (sentinels of " + sentinel.master();
                }
                + (credentials instanceof Login ? ")" : ", login from " + credentials + ")");
    }

    private static String shown(Login login) {
        return login.isNone() ? "" : (login.user() == null ? "" : login.user()) + ":" + login.secret() + "@";
    }
}
