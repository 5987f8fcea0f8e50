package io.millrace.source.link;

import io.millrace.endpoint.Credentials;
import io.millrace.endpoint.Login;
import java.time.Duration;
import java.util.Objects;

/**
 * How a replica link presents itself and how long it waits.
 *
 * @param credentials where the login of each connection comes from
 * @param announcedIp the address the master shows for this replica, or null for the connection's own
 * @param announcedPort the port the master shows for this replica, or 0 for the connection's local port, which is unique
 *     and never listened on
 * @param handshakeTimeout the longest wait for one reply before PSYNC
 * @param silence the longest time without a byte from the master, its repl-timeout (60 s by default; a master pings every
 *     repl-ping-replica-period, 10 s)
 * @param ackInterval time between two REPLCONF ACK
 * @param limits bounds of one command
 */
public record LinkSettings(
        Credentials credentials,
        String announcedIp,
        int announcedPort,
        Duration handshakeTimeout,
        Duration silence,
        Duration ackInterval,
        RespLimits limits) {

    public static final LinkSettings DEFAULT = new LinkSettings(
            Login.none(),
            null,
            0,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            RespLimits.DEFAULT);

    public LinkSettings {
        Objects.requireNonNull(credentials, "credentials");
        Objects.requireNonNull(limits, "limits");
        if (announcedPort < 0 || announcedPort > 65_535) {
            throw new IllegalArgumentException("announcedPort must be 0 to 65535");
        }
        requirePositive(handshakeTimeout, "handshakeTimeout");
        requirePositive(silence, "silence");
        requirePositive(ackInterval, "ackInterval");
    }

    /** With a login that stays. */
    public LinkSettings withLogin(Login other) {
        return withCredentials(other);
    }

    public LinkSettings withCredentials(Credentials other) {
        return new LinkSettings(other, announcedIp, announcedPort, handshakeTimeout, silence, ackInterval, limits);
    }

    public LinkSettings withAnnounced(String ip, int port) {
        return new LinkSettings(credentials, ip, port, handshakeTimeout, silence, ackInterval, limits);
    }

    public LinkSettings withTimeouts(Duration handshake, Duration quiet) {
        return new LinkSettings(credentials, announcedIp, announcedPort, handshake, quiet, ackInterval, limits);
    }

    public LinkSettings withAckInterval(Duration interval) {
        return new LinkSettings(credentials, announcedIp, announcedPort, handshakeTimeout, silence, interval, limits);
    }

    public LinkSettings withLimits(RespLimits other) {
        return new LinkSettings(credentials, announcedIp, announcedPort, handshakeTimeout, silence, ackInterval, other);
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be above zero");
        }
    }
}
