package io.millrace.cli.precheck;

import io.millrace.client.ServerInfo;

/** Counts keys from the lines {@code db0:keys=12,expires=3,...} of INFO, so that no SELECT and no rights on keys are needed. */
public final class Keyspace {
    private Keyspace() {}

    /** Keys of all databases, those included that have expired and are not yet removed. */
    public static long keys(ServerInfo info) {
        return info.fields().entrySet().stream()
                .filter(field -> isDatabase(field.getKey()))
                .mapToLong(field -> keys(field.getValue()))
                .sum();
    }

    /** The highest database number that holds keys, or -1 when all are empty. */
    static int highestDatabase(ServerInfo info) {
        return info.fields().entrySet().stream()
                .filter(field -> isDatabase(field.getKey()) && keys(field.getValue()) > 0)
                .mapToInt(field -> Integer.parseInt(field.getKey().substring(2)))
                .max()
                .orElse(-1);
    }

    private static boolean isDatabase(String field) {
        return field.matches("db\\d+");
    }

    private static long keys(String value) {
        for (String part : value.split(",")) {
            if (part.startsWith("keys=")) {
                return Long.parseLong(part.substring("keys=".length()));
            }
        }
        return 0;
    }
}
