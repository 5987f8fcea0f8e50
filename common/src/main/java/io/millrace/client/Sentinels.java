package io.millrace.client;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.InvalidEndpointException;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sentinels of an endpoint. Each question goes to all of them in turn, over connections of its own, since one alone may
 * have missed a failover: the one that knows the newest configuration is believed. Thread-safe.
 */
public final class Sentinels {

    /** A sentinel does nothing but answer; one that is away must not hold up a failover for long. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String master;
    private final List<Address> addresses;
    private final NodeConnector connector;

    /** @param master fields of SENTINEL MASTER; null while only failures came */
    private record Word(Address sentinel, Map<String, String> master) {}

    /** @param endpoint of the servers behind the sentinels */
    public Sentinels(RedisEndpoint endpoint) {
        this.master = endpoint.sentinel().master();
        this.addresses = endpoint.addresses();
        this.connector = new NodeConnector(new RedisEndpoint(
                Topology.CLUSTER, // which allows any number of addresses
                addresses,
                endpoint.sentinel().credentials(),
                endpoint.tls(),
                shorter(endpoint.connectTimeout()),
                shorter(endpoint.readTimeout())));
    }

    /** Opens connections to the sentinels themselves. */
    public NodeConnector connector() {
        return connector;
    }

    private static Duration shorter(Duration timeout) {
        return timeout.isZero() || timeout.compareTo(PATIENCE) > 0 ? PATIENCE : timeout;
    }

    /** Where the master is, as far as they know; whether it is one, only it can say. */
    public Address master() {
        return address(newest().master());
    }

    /** The replicas that the best informed sentinel finds well: alive and connected to their master. */
    public List<Address> replicas() {
        Word word = newest();
        List<Address> replicas = new ArrayList<>();
        try (Node node = connector.open(word.sentinel())) {
            for (Object one : (List<?>) node.call("SENTINEL", "REPLICAS", master)) {
                Map<String, String> fields = fields((List<?>) one);
                // sentinel.c, addReplySentinelRedisInstance: "slave" alone is one without trouble
                if ("slave".equals(fields.get("flags")) && "ok".equals(fields.get("master-link-status"))) {
                    replicas.add(address(fields));
                }
            }
        }
        return replicas;
    }

    private Word newest() {
        Word best = null;
        RedisFailureException last = null;
        int ignorant = 0;
        for (Address address : addresses) {
            try (Node node = connector.open(address)) {
                Map<String, String> fields = ask(node);
                if (fields == null) {
                    ignorant++;
                } else if (best == null || epoch(fields) > epoch(best.master())) {
                    best = new Word(address, fields);
                }
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        if (best != null) {
            return best;
        }
        if (last != null) {
            throw last;
        }
        throw failure(
                Kind.SENTINEL,
                (ignorant == 1 ? "it knows" : "none of the " + ignorant + " knows") + " a master named '" + master
                        + "'");
    }

    /** The fields, or null when it knows no such master. */
    private Map<String, String> ask(Node node) {
        try {
            return fields((List<?>) node.call("SENTINEL", "MASTER", master));
        } catch (RedisFailureException e) {
            if (e.failure().detail().contains("No such master")) {
                return null;
            }
            if (e.kind() == Kind.UNKNOWN_COMMAND) {
                throw new RedisFailureException(
                        node.address().toString(), RedisFailure.of(Kind.SENTINEL, "it is a server and no sentinel"), e);
            }
            throw e;
        }
    }

    private RedisFailureException failure(Kind kind, String detail) {
        return new RedisFailureException(
                String.join(",", addresses.stream().map(Address::toString).toList()),
                RedisFailure.of(kind, detail),
                null);
    }

    private static long epoch(Map<String, String> fields) {
        try {
            return Long.parseLong(fields.getOrDefault("config-epoch", "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Address address(Map<String, String> fields) {
        try {
            return new Address(fields.getOrDefault("ip", ""), Integer.parseInt(fields.getOrDefault("port", "0")));
        } catch (InvalidEndpointException | NumberFormatException e) {
            throw failure(Kind.NO_MASTER, "they name a server without an address");
        }
    }

    private static Map<String, String> fields(List<?> reply) {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            fields.put(text(reply.get(i)), text(reply.get(i + 1)));
        }
        return fields;
    }

    private static String text(Object bytes) {
        return bytes instanceof byte[] raw ? new String(raw, StandardCharsets.UTF_8) : String.valueOf(bytes);
    }
}
