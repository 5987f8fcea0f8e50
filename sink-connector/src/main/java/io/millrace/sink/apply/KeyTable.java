package io.millrace.sink.apply;

import java.util.Arrays;

/** From key hashes to the run that holds the key: open addressing, nothing boxed, emptied for every window. */
final class KeyTable {

    private long[] keys = new long[1024];
    private RunDraft[] values = new RunDraft[1024];
    private int size;

    RunDraft get(long key) {
        int at = slot(key);
        return values[at];
    }

    void put(long key, RunDraft value) {
        if (size * 2 >= values.length) {
            grow();
        }
        int at = slot(key);
        if (values[at] == null) {
            size++;
            keys[at] = key;
        }
        values[at] = value;
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(values, null);
            size = 0;
        }
    }

    private int slot(long key) {
        int mask = values.length - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (values[at] != null && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        RunDraft[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new RunDraft[oldValues.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }
}
