package io.millrace.sink.checkpoint;

import io.millrace.slot.HashSlot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How far a cluster had each slot of each partition when a session began: 16 bytes for a slot of a partition that has any.
 *
 * <p>Belongs to the thread that applies.
 */
public final class SlotCheckpoints {

    private static final class Table {
        private final long[] offsets = new long[HashSlot.COUNT];
        private final int[] changes = new int[HashSlot.COUNT];
        private final int[] ordinals = new int[HashSlot.COUNT];

        Table() {
            Arrays.fill(offsets, -1);
        }
    }

    private final Map<LogPartition, Table> tables = new HashMap<>();

    /** Notes what the destination has for a slot. */
    public void put(LogPartition partition, int slot, LogPosition position) {
        Table table = tables.computeIfAbsent(partition, of -> new Table());
        table.offsets[slot] = position.offset();
        table.changes[slot] = position.change();
        table.ordinals[slot] = position.ordinal();
    }

    /** Whether what stands there has been applied to the slot: it is not after the slot's checkpoint. */
    public boolean covers(LogPartition partition, int slot, LogPosition position) {
        Table table = tables.get(partition);
        if (table == null || table.offsets[slot] < position.offset()) {
            return false;
        }
        if (table.offsets[slot] > position.offset()) {
            return true;
        }
        return table.changes[slot] != position.change()
                ? table.changes[slot] > position.change()
                : table.ordinals[slot] >= position.ordinal();
    }

    /** The destination was emptied, and its checkpoints with it. */
    public void clear() {
        tables.clear();
    }
}
