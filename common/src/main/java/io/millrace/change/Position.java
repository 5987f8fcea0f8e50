package io.millrace.change;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How far a shard has been captured: what Kafka Connect stores as the source offset.
 *
 * <p>A stored position is always the end of a unit: a single command or a whole MULTI…EXEC block.
 *
 * @param generation counts the full synchronisations of the shard, from 1; within one, offsets only grow
 * @param replicationId the master history that {@code offset} counts
 * @param offset replication offset of the last byte that is captured
 * @param db the selected database at that offset: a continued stream need not begin with SELECT
 * @param inSnapshot whether the generation's snapshot is still incomplete; such a position cannot be continued
 * @param holdings the slots of a cluster that are the shard's to publish from there on; null for a standalone source
 */
public record Position(
        int generation, String replicationId, long offset, int db, boolean inSnapshot, Holdings holdings) {

    /** What the replication id of a scan begins with; those of histories are hexadecimal. */
    public static final String SCAN = "scan";

    private static final String VERSION = "v";
    private static final String GENERATION = "generation";
    private static final String REPLICATION_ID = "replicationId";
    private static final String OFFSET = "offset";
    private static final String DB = "db";
    private static final String PHASE = "phase";
    private static final String SNAPSHOT = "snapshot";
    private static final String STREAM = "stream";

    public Position {
        Objects.requireNonNull(replicationId, "replicationId");
        if (generation < 1 || offset < 0 || db < 0) {
            throw new IllegalArgumentException(
                    "not a position: generation " + generation + ", offset " + offset + ", database " + db);
        }
    }

    /** A position of a standalone source. */
    public Position(int generation, String replicationId, long offset, int db, boolean inSnapshot) {
        this(generation, replicationId, offset, db, inSnapshot, null);
    }

    /** Whether it is a place in a copy by SCAN, whose offset is a cursor. */
    public boolean isScan() {
        return replicationId.startsWith(SCAN);
    }

    /** The form that Kafka Connect stores. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(VERSION, 1L);
        map.put(GENERATION, (long) generation);
        map.put(REPLICATION_ID, replicationId);
        map.put(OFFSET, offset);
        map.put(DB, (long) db);
        map.put(PHASE, inSnapshot ? SNAPSHOT : STREAM);
        if (holdings != null) {
            map.putAll(holdings.toMap());
        }
        return map;
    }

    /**
     * Reads what {@link #toMap()} wrote, in this or a later version. Numbers may be of any width, because Connect's
     * JSON form does not keep it.
     *
     * @throws IllegalArgumentException if a field is missing or is not what it should be; the message names it
     */
    public static Position fromMap(Map<String, ?> map) {
        return new Position(
                Math.toIntExact(number(map, GENERATION)),
                text(map, REPLICATION_ID),
                number(map, OFFSET),
                Math.toIntExact(number(map, DB)),
                SNAPSHOT.equals(map.get(PHASE)),
                Holdings.fromMap(map));
    }

    private static long number(Map<String, ?> map, String name) {
        Object value = map.get(name);
        if (value instanceof Number n) {
            return n.longValue();
        }
        throw new IllegalArgumentException("The stored offset has no number '" + name + "': " + map);
    }

    private static String text(Map<String, ?> map, String name) {
        if (map.get(name) instanceof String s) {
            return s;
        }
        throw new IllegalArgumentException("The stored offset has no text '" + name + "': " + map);
    }
}
