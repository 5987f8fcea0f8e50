package io.millrace.sink;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that servers hold, to be compared: values without their inner order, expiries, and copies that nobody has removed. */
final class Keyspaces {

    private Keyspaces() {}

    static Map<String, String> of(Collection<LocalServer> servers) throws IOException {
        Map<String, String> keys = new TreeMap<>();
        for (LocalServer server : servers) {
            add(server, keys);
        }
        keys.keySet().removeIf(Keyspaces::isNote);
        return keys;
    }

    /** The sink's own keys, but for copies, of which none may stay. */
    private static boolean isNote(String key) {
        return key.startsWith("__millrace:") && !key.startsWith("__millrace:gathered");
    }

    private static void add(LocalServer server, Map<String, String> keys) throws IOException {
        try (RespClient client = server.connect()) {
            for (Object key : (List<?>) client.call("KEYS", "*")) {
                String type = text(client.call("TYPE", key));
                Object value = switch (type) {
                    case "string" -> client.call("GET", key);
                    case "list" -> client.call("LRANGE", key, 0, -1);
                    case "hash" -> client.call("HGETALL", key);
                    case "set" -> client.call("SORT", key, "ALPHA");
                    case "zset" -> client.call("ZRANGE", key, 0, -1, "WITHSCORES");
                    default -> List.of(client.call("XRANGE", key, "-", "+"), client.call("XINFO", "GROUPS", key));
                };
                keys.put(text(key), type + " " + text(value) + " until " + client.call("PEXPIRETIME", key));
            }
        }
    }

    static String text(Object value) {
        return value instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.ISO_8859_1)
                : value instanceof List<?> list
                        ? list.stream().map(Keyspaces::text).toList().toString()
                        : String.valueOf(value);
    }
}
