package io.millrace.sink.plan;

/**
 * A set of 64-bit hashes: open addressing, nothing boxed, 11 to 22 bytes a key. Its tables grow one by one, so that growing
 * never needs the memory of the whole twice.
 *
 * <p>Belongs to one thread.
 */
final class KeySet {

    private static final int TABLES = 256;
    private static final int FIRST_CAPACITY = 16;

    private final long[][] tables = new long[TABLES][];
    private final int[] sizes = new int[TABLES];
    private boolean zero;
    private long size;

    /** True when the hash is new. */
    boolean add(long hash) {
        if (hash == 0) {
            boolean fresh = !zero;
            zero = true;
            size += fresh ? 1 : 0;
            return fresh;
        }
        int number = number(hash);
        long[] table = tables[number];
        if (table == null) {
            table = new long[FIRST_CAPACITY];
            tables[number] = table;
        }
        int at = place(table, hash);
        if (table[at] == hash) {
            return false;
        }
        table[at] = hash;
        size++;
        if (++sizes[number] > table.length / 4 * 3) {
            tables[number] = grown(table);
        }
        return true;
    }

    boolean contains(long hash) {
        if (hash == 0) {
            return zero;
        }
        long[] table = tables[number(hash)];
        return table != null && table[place(table, hash)] == hash;
    }

    long size() {
        return size;
    }

    private static int number(long hash) {
        return (int) (hash >>> 56);
    }

    /** Where the hash is, or else the free place where it belongs. */
    private static int place(long[] table, long hash) {
        int mask = table.length - 1;
        int at = (int) (hash ^ hash >>> 32) & mask;
        while (table[at] != 0 && table[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static long[] grown(long[] table) {
        long[] larger = new long[table.length * 2];
        for (long hash : table) {
            if (hash != 0) {
                larger[place(larger, hash)] = hash;
            }
        }
        return larger;
    }
}
