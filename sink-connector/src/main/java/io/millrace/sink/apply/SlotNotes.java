package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.plan.CommandName;
import io.millrace.sink.plan.Unit;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** With a step of a slot's run goes, for each partition that it is from, the position of the last unit. */
final class SlotNotes implements Notes {

    private static final CommandName SET = CommandName.of("SET");

    private final CheckpointKeys keys;
    private final Map<LogPartition, byte[][]> known = new HashMap<>();

    SlotNotes(CheckpointKeys keys) {
        this.keys = keys;
    }

    @Override
    public List<Note> of(List<Unit> units, int from, int end) {
        List<Note> notes = new ArrayList<>(1);
        List<LogPartition> noted = new ArrayList<>(1);
        for (int i = end - 1; i >= from; i--) {
            Unit unit = units.get(i);
            LogPartition partition = unit.partition();
            if (!noted.contains(partition)) {
                noted.add(partition);
                byte[] position = unit.position().toString().getBytes(StandardCharsets.US_ASCII);
                notes.add(new Note(SET, new byte[][] {key(partition, unit.slot()), position}));
            }
        }
        return notes;
    }

    private byte[] key(LogPartition partition, int slot) {
        byte[][] slots = known.computeIfAbsent(partition, of -> new byte[HashSlot.COUNT][]);
        if (slots[slot] == null) {
            slots[slot] = keys.slot(slot, partition);
        }
        return slots[slot];
    }
}
