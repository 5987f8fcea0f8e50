package io.millrace.sink.apply;

import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.List;

/** A run in the making; two that turn out to share a key become one. */
final class RunDraft {

    private final List<Unit> units = new ArrayList<>(2);
    private RunDraft mergedInto;

    /** The draft that this one has become part of, itself usually. */
    RunDraft root() {
        RunDraft root = this;
        while (root.mergedInto != null) {
            root = root.mergedInto;
        }
        return root;
    }

    void add(Unit unit) {
        units.add(unit);
    }

    /** Takes over another draft, with which it has shared no key so far: their order among each other is free. */
    void merge(RunDraft other) {
        units.addAll(other.units);
        other.units.clear();
        other.mergedInto = this;
    }

    boolean isMerged() {
        return mergedInto != null;
    }

    List<Unit> units() {
        return units;
    }
}
