package io.millrace.it.pipeline;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Where a pipeline writes to.
 *
 * @param masters the servers that hold keys
 * @param owner the master of a slot
 */
record Destination(RedisEndpoint endpoint, List<LocalServer> masters, Function<Integer, LocalServer> owner) {

    static Destination of(LocalServer server) {
        return new Destination(RedisEndpoint.standalone(address(server)), List.of(server), slot -> server);
    }

    static Destination of(LocalCluster cluster) {
        List<Address> seeds =
                cluster.masters().stream().map(Destination::address).toList();
        return new Destination(RedisEndpoint.cluster(seeds), cluster.masters(), cluster::masterOf);
    }

    static Address address(LocalServer server) {
        return new Address(LocalServer.HOST, server.port());
    }

    /** One key for each master. */
    Map<String, LocalServer> keyOnEachMaster(String name) {
        Map<LocalServer, String> keys = new LinkedHashMap<>();
        for (int i = 0; keys.size() < masters.size(); i++) {
            String key = name + ":" + i;
            keys.putIfAbsent(owner.apply(HashSlot.of(key.getBytes(StandardCharsets.UTF_8))), key);
        }
        return keys.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    }

    Map<String, String> config() {
        return Map.of(
                "redis.hosts",
                endpoint.addresses().stream().map(Address::toString).collect(Collectors.joining(",")),
                "redis.topology",
                endpoint.topology().name().toLowerCase(Locale.ROOT));
    }

    boolean isCluster() {
        return endpoint.topology() == Topology.CLUSTER;
    }
}
