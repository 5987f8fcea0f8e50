package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a window for a cluster that keeps checkpoints. A slot whose units are all {@link Assignments} is applied key by key
 * and not noted. Of any other slot all units are one run, in their order, whose steps carry the slot's checkpoint: so what the
 * checkpoint covers has no gaps.
 */
final class SlotRuns {

    private final RunBuilder byKey = new RunBuilder(true);
    private final Notes notes;

    /** The window in which a slot was last found to need a checkpoint; windows are counted from 1. */
    private final int[] noted = new int[HashSlot.COUNT];

    private final List<List<Unit>> bySlot = new ArrayList<>(HashSlot.COUNT);
    private int window;

    SlotRuns(Notes notes) {
        this.notes = notes;
        for (int slot = 0; slot < HashSlot.COUNT; slot++) {
            bySlot.add(null);
        }
    }

    /** @param units without barriers */
    List<Run> build(List<Unit> units) {
        window++;
        boolean any = false;
        for (Unit unit : units) {
            if (noted[unit.slot()] != window && !Assignments.isAssignment(unit)) {
                noted[unit.slot()] = window;
                any = true;
            }
        }
        if (!any) {
            return byKey.build(units);
        }
        List<Unit> others = new ArrayList<>(units.size());
        List<Run> runs = new ArrayList<>();
        List<Integer> used = new ArrayList<>();
        for (Unit unit : units) {
            int slot = unit.slot();
            if (noted[slot] != window) {
                others.add(unit);
                continue;
            }
            if (bySlot.get(slot) == null) {
                List<Unit> run = new ArrayList<>(2);
                bySlot.set(slot, run);
                used.add(slot);
                runs.add(new Run(run, null, notes));
            }
            bySlot.get(slot).add(unit);
        }
        used.forEach(slot -> bySlot.set(slot, null));
        runs.addAll(byKey.build(others));
        return runs;
    }
}
