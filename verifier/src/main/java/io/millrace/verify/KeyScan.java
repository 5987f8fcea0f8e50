package io.millrace.verify;

import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the keys of one database of one node by cursor. A key that is there all the time is returned at least once; it may
 * be returned twice while the server resizes its table. Millrace's own keys are left out. One thread.
 */
final class KeyScan {
    private static final byte[] OWN = "__millrace:".getBytes(StandardCharsets.US_ASCII);

    private final Lane lane;
    private final int database;
    private final String count;
    private String cursor = "0";
    private boolean started;

    KeyScan(Side side, Address master, int database, int batchKeys) {
        this.lane = side.lane(master);
        this.database = database;
        this.count = Integer.toString(batchKeys);
    }

    boolean hasNext() {
        return !started || !cursor.equals("0");
    }

    /** Some keys, possibly none. */
    List<byte[]> next() {
        started = true;
        lane.select(database);
        Node node = lane.node();
        List<?> reply = (List<?>) node.call("SCAN", cursor, "COUNT", count);
        cursor = Printable.text((byte[]) reply.get(0));
        List<?> found = (List<?>) reply.get(1);
        List<byte[]> keys = new ArrayList<>(found.size());
        for (Object key : found) {
            if (!isOwn((byte[]) key)) {
                keys.add((byte[]) key);
            }
        }
        return keys;
    }

    private static boolean isOwn(byte[] key) {
        if (key.length < OWN.length) {
            return false;
        }
        for (int i = 0; i < OWN.length; i++) {
            if (key[i] != OWN[i]) {
                return false;
            }
        }
        return true;
    }
}
