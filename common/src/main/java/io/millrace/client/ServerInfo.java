package io.millrace.client;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What INFO says about a server, with the remaining fields as they are.
 *
 * @param runId changes with every start of the process
 * @param role {@code master} or {@code slave}
 * @param maxmemoryPolicy for example {@code noeviction}; empty where the server does not say
 * @param modules names of what is loaded, without what belongs to the server itself
 * @param fields every {@code name:value} of INFO
 */
public record ServerInfo(
        ServerVersion version,
        String runId,
        String role,
        boolean clusterEnabled,
        String maxmemoryPolicy,
        Set<String> modules,
        Map<String, String> fields) {

    private static final String MODULE = "module:name=";

    /** Redis 8 has vector sets and Valkey 9 its Lua engine in the form of a module. */
    private static final Set<String> BUILT_IN = Set.of("vectorset", "lua");

    public ServerInfo {
        modules = Set.copyOf(modules);
        fields = Map.copyOf(fields);
    }

    /** Sends INFO. */
    public static ServerInfo of(Node node) {
        return parse((byte[]) node.call("INFO"));
    }

    /** Reads the text of INFO; sections that are not there leave their fields empty. */
    public static ServerInfo parse(byte[] info) {
        Map<String, String> fields = new HashMap<>();
        Set<String> modules = new HashSet<>();
        for (String line : new String(info, StandardCharsets.UTF_8).split("\r?\n")) {
            int colon = line.indexOf(':');
            if (line.startsWith(MODULE)) {
                modules.add(line.substring(MODULE.length()).split(",")[0]);
            } else if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        modules.removeAll(BUILT_IN);
        String valkey = fields.get("valkey_version");
        ServerVersion version = valkey != null
                ? ServerVersion.parse(true, valkey)
                : ServerVersion.parse(false, fields.getOrDefault("redis_version", "0"));
        return new ServerInfo(
                version,
                fields.getOrDefault("run_id", ""),
                fields.getOrDefault("role", ""),
                "1".equals(fields.get("cluster_enabled")),
                fields.getOrDefault("maxmemory_policy", ""),
                modules,
                fields);
    }

    public boolean isMaster() {
        return role.equals("master");
    }

    /** A field as a number, or the fallback where it is missing or no number. */
    public long number(String field, long fallback) {
        String value = fields.get(field);
        if (value == null || value.isEmpty()) {
            return fallback;
        }
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
