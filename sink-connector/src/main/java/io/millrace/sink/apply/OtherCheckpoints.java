package io.millrace.sink.apply;

import io.millrace.client.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The checkpoints of other tasks and connectors in a standalone destination, which a FLUSHALL of this one would take with it.
 * They are watched while they are read, so that the transaction writes back what is still right.
 */
final class OtherCheckpoints {

    private static final byte[] PATTERN = ascii("__millrace:checkpoint:*");
    private static final byte[] PAGE = ascii("10000");

    private OtherCheckpoints() {}

    /** The commands that write them again, by key. The connection is in database 0. */
    static Map<byte[], byte[][]> watch(Node node, Iterable<byte[]> own) {
        Map<byte[], byte[][]> writes = new LinkedHashMap<>();
        for (byte[] key : scan(node, own)) {
            List<Object> replies = GuardedTransaction.call(
                    node, List.of(new byte[][] {ascii("WATCH"), key}, new byte[][] {ascii("HGETALL"), key}));
            if (replies.get(1) instanceof JedisDataException) {
                continue; // not a hash, so not a main checkpoint
            }
            List<?> fields = (List<?>) replies.get(1);
            if (fields.isEmpty()) {
                continue;
            }
            byte[][] write = new byte[fields.size() + 2][];
            write[0] = ascii("HSET");
            write[1] = key;
            for (int i = 0; i < fields.size(); i++) {
                write[i + 2] = (byte[]) fields.get(i);
            }
            writes.put(key, write);
        }
        return writes;
    }

    private static List<byte[]> scan(Node node, Iterable<byte[]> own) {
        List<byte[]> found = new ArrayList<>();
        byte[] cursor = ascii("0");
        do {
            List<?> page = (List<?>) node.call(ascii("SCAN"), cursor, ascii("MATCH"), PATTERN, ascii("COUNT"), PAGE);
            cursor = (byte[]) page.get(0);
            for (Object key : (List<?>) page.get(1)) {
                if (!contains(own, (byte[]) key) && !contains(found, (byte[]) key)) {
                    found.add((byte[]) key);
                }
            }
        } while (cursor.length != 1 || cursor[0] != '0');
        return found;
    }

    private static boolean contains(Iterable<byte[]> keys, byte[] key) {
        for (byte[] one : keys) {
            if (Arrays.equals(one, key)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
