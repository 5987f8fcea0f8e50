package io.millrace.source;

import io.millrace.change.Position;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What a user may set as the offset of a source: what a task could have stored. Connect writes it as it is given, so that a
 * wrong one would be found only by the task that starts from it.
 *
 * @param source the name of the source, which is in the partition
 * @param cluster whether the source is a cluster, whose shards are named by node ids
 */
record OffsetAlteration(String source, boolean cluster) {

    private static final List<String> FIELDS = List.of("v", "generation", "offset", "db");

    /** @throws ConnectException saying what is wrong, and what is right */
    void check(Map<String, ?> partition, Map<String, ?> offset) {
        if (offset == null) {
            return; // whatever it is, it is to be gone: the next start makes a full copy
        }
        Object named = partition == null ? null : partition.get("shard");
        String shard = cluster && named instanceof String text && !text.isEmpty() && !text.equals(RunningSource.SHARD)
                ? text
                : cluster ? "<name>" : RunningSource.SHARD;
        Map<String, String> expected = RunningShard.partition(source, shard);
        if (partition == null || !List.copyOf(partition.keySet()).equals(List.copyOf(expected.keySet()))) {
            throw new ConnectException("The partition of an offset is {\"source\": \"" + source + "\", \"shard\": \""
                    + shard + "\"}, in this order, not " + partition + ".");
        }
        for (Map.Entry<String, String> name : expected.entrySet()) {
            Object given = partition.get(name.getKey());
            if (!name.getValue().equals(given)) {
                throw new ConnectException("This connector has the " + name.getKey() + " \"" + name.getValue()
                        + "\" (a text), and the partition of the offset names " + shown(given)
                        + ": correct it, or delete that offset.");
            }
        }
        if (shard.equals(ShardList.SHARD)) {
            if (ShardList.names(offset).isEmpty()) {
                throw new ConnectException("The offset of the shard \"" + ShardList.SHARD
                        + "\" is the list of the shards' names, {\"v\": 1, \"shards\": \"<name>,<name>\"}, not "
                        + offset
                        + ": give it as it is, or leave it out.");
            }
            return;
        }
        for (String field : FIELDS) {
            whole(field, offset.get(field));
        }
        if (((Number) offset.get("v")).longValue() != 1) {
            throw new ConnectException(
                    "The offset has version v=" + offset.get("v") + ", and this connector writes v=1.");
        }
        if (!(offset.get("replicationId") instanceof String id) || !id.matches("[0-9a-z]{40}")) {
            throw new ConnectException(
                    "The offset needs \"replicationId\", the source's master_replid (INFO replication) of"
                            + " 40 characters, not " + shown(offset.get("replicationId")) + ".");
        }
        if (!"stream".equals(offset.get("phase")) && !"snapshot".equals(offset.get("phase"))) {
            throw new ConnectException("The offset needs \"phase\": \"stream\", or \"snapshot\" for a full copy, not "
                    + shown(offset.get("phase")) + ".");
        }
        try {
            Position.fromMap(offset);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConnectException("The offset cannot be used (" + e.getMessage() + ").", e);
        }
    }

    /** Connect's JSON gives an Integer, a Long, a BigInteger or a Double. */
    private static void whole(String field, Object value) {
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < 0) {
            throw new ConnectException(
                    "The offset needs \"" + field + "\", a whole number of 0 or more, not " + shown(value) + ".");
        }
    }

    private static String shown(Object value) {
        return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    }
}
