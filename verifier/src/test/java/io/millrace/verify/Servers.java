package io.millrace.verify;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Endpoints of local servers, and data in them. */
final class Servers {
    private Servers() {}

    static RedisEndpoint endpoint(LocalServer server) {
        return RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port()));
    }

    static RedisEndpoint endpoint(LocalCluster cluster) {
        return RedisEndpoint.cluster(
                List.of(new Address(LocalServer.HOST, cluster.masters().get(1).port())));
    }

    static void fill(LocalServer server) throws IOException {
        try (RespClient client = server.connect()) {
            new Populator(client, 42).everyType();
        }
    }

    /** Copies database 0 by DUMP and RESTORE, and the functions to every master. */
    static void copy(LocalServer from, LocalCluster to) throws IOException {
        Map<LocalServer, RespClient> clients = new HashMap<>();
        try (RespClient source = from.connect()) {
            for (LocalServer master : to.masters()) {
                clients.put(master, master.connect());
            }
            for (Object key : (List<?>) source.call("KEYS", "*")) {
                long expiry = (Long) source.call("PEXPIRETIME", key);
                clients.get(to.masterOf(HashSlot.of((byte[]) key)))
                        .call("RESTORE", key, Math.max(0, expiry), source.call("DUMP", key), "ABSTTL");
            }
            Object functions = source.call("FUNCTION", "DUMP");
            for (RespClient client : clients.values()) {
                client.call("FUNCTION", "RESTORE", functions);
            }
        } finally {
            for (RespClient client : clients.values()) {
                client.close();
            }
        }
    }
}
