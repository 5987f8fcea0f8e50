package io.millrace.change;

import java.util.Objects;

/**
 * A key's whole value as a snapshot found it, or one part of it.
 *
 * @param key the key, or null for a function library
 * @param type string, list, set, zset, hash, stream, function, or the name of a module type
 * @param payload the value as DUMP gives it and RESTORE takes it, or null when there is only the typed form
 * @param rdbVersion RDB version of the payload; 0 without a payload
 * @param value the typed form, or null when there is only the payload
 * @param expireAt when the key expires, in milliseconds since the epoch, or {@link Expiry#NONE}
 * @param part null unless the value is spread over several records; parts are always typed
 * @param idle seconds since the last use, or {@link #UNKNOWN}
 * @param frequency LFU counter, 0 to 255, or {@link #UNKNOWN}
 */
public record SnapshotEntry(
        Origin origin,
        int db,
        long offset,
        byte[] key,
        String type,
        byte[] payload,
        int rdbVersion,
        Value value,
        long expireAt,
        Part part,
        long idle,
        int frequency)
        implements Change {

    public static final String KIND = "snapshot";
    /** The type of a function library: its code is the string value; it has no key. */
    public static final String FUNCTION = "function";

    public static final int UNKNOWN = -1;

    public SnapshotEntry {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(type, "type");
        if (payload == null && value == null) {
            throw new IllegalArgumentException("a snapshot entry needs a payload or a typed value");
        }
        if (part != null && value == null) {
            throw new IllegalArgumentException("a part of a snapshot entry needs a typed value");
        }
    }

    @Override
    public String kind() {
        return KIND;
    }
}
