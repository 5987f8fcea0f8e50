package io.millrace.cli.finish;

import io.millrace.cli.server.Deployment;
import io.millrace.client.Node;
import io.millrace.client.ServerInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The keys that Millrace has written for itself at a target. */
final class OwnKeys {
    private static final String PREFIX = "__millrace:";
    private static final String CHECKPOINT = PREFIX + "checkpoint:";
    private static final String GATHERED = PREFIX + "gathered:";
    private static final String PART = PREFIX + "part:";
    private static final byte[] START = ascii("0");

    /** One of them, with its database. */
    record Found(int db, byte[] key) {
        String name() {
            return new String(key, StandardCharsets.UTF_8);
        }
    }

    private final Deployment target;

    OwnKeys(Deployment target) {
        this.target = target;
    }

    /** All of them, of every pipeline; every database of every master is looked through. */
    List<Found> all() {
        List<Found> found = new ArrayList<>();
        for (int db : databases()) {
            for (Node node : target.masters(db)) {
                scan(node, db, found);
            }
        }
        return found;
    }

    private static void scan(Node node, int db, List<Found> found) {
        byte[] cursor = START;
        do {
            List<?> reply = (List<?>) node.call(
                    ascii("SCAN"), cursor, ascii("MATCH"), ascii(PREFIX + "*"), ascii("COUNT"), ascii("1000"));
            cursor = (byte[]) reply.get(0);
            for (Object key : (List<?>) reply.get(1)) {
                found.add(new Found(db, (byte[]) key));
            }
        } while (!Arrays.equals(cursor, START));
    }

    private TreeSet<Integer> databases() {
        TreeSet<Integer> databases = new TreeSet<>();
        for (Node node : target.masters(0)) {
            for (String field : ServerInfo.of(node).fields().keySet()) {
                if (field.matches("db\\d{1,6}")) {
                    databases.add(Integer.parseInt(field.substring(2)));
                }
            }
        }
        return databases;
    }

    /** Whether the key is of this sink connector: its checkpoints, its dirty keys, the source's scripts and its copies of keys. */
    static boolean isOf(Found key, String sink) {
        String name = key.name();
        if (name.equals(PREFIX + "dirty:" + sink) || name.equals(PREFIX + "scripts:" + sink)) {
            return true;
        }
        if (!name.startsWith(CHECKPOINT) && !name.startsWith(GATHERED)) {
            return false;
        }
        int from = name.indexOf(':', PREFIX.length()) + 1;
        int tag = name.startsWith("{", from) ? name.indexOf("}:", from) + 2 : from;
        return name.startsWith(sink + ":", Math.max(tag, from));
    }

    /** Whether the key holds a part of a value on its way, of whichever sink. */
    static boolean isPart(Found key) {
        return key.name().startsWith(PART);
    }

    /** How many of them were still there. */
    long remove(List<Found> keys) {
        long removed = 0;
        for (Found key : keys) {
            removed += (Long) target.of(key.key(), key.db()).call(ascii("UNLINK"), key.key());
        }
        return removed;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
