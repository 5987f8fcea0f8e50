package io.millrace.failure;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import java.util.Optional;

/**
 * The target of {@code -MOVED slot host:port} or {@code -ASK slot host:port} (cluster.c, getClusterRedirection).
 *
 * @param ask true for ASK: one request goes there, after ASKING, and the layout stays as it is
 */
public record Redirect(boolean ask, int slot, Address target) {

    /**
     * Reads an error reply.
     *
     * @param reply the reply without the leading '-' and without CRLF
     * @param asked the node that answered; with an unknown endpoint ({@code cluster-preferred-endpoint-type}) Redis sends an
     *     empty host, which means the same host
     * @return empty when the reply is no redirect
     */
    public static Optional<Redirect> parse(String reply, Address asked) {
        boolean ask = reply.startsWith("ASK ");
        if (!ask && !reply.startsWith("MOVED ")) {
            return Optional.empty();
        }
        int slotStart = ask ? 4 : 6;
        int slotEnd = reply.indexOf(' ', slotStart);
        if (slotEnd < 0) {
            return Optional.empty();
        }
        int end = reply.indexOf(' ', slotEnd + 1);
        String target = reply.substring(slotEnd + 1, end < 0 ? reply.length() : end);
        int colon = target.lastIndexOf(':'); // Redis writes IPv6 addresses without brackets here
        if (colon < 0) {
            return Optional.empty();
        }
        try {
            int slot = Integer.parseInt(reply.substring(slotStart, slotEnd));
            int port = Integer.parseInt(target.substring(colon + 1));
            String host = target.substring(0, colon);
            boolean sameHost = host.isEmpty() || host.equals("?");
            return Optional.of(new Redirect(ask, slot, new Address(sameHost ? asked.host() : host, port)));
        } catch (NumberFormatException | InvalidEndpointException e) {
            return Optional.empty(); // classified by its first word all the same; the layout is read again
        }
    }
}
