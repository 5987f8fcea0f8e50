package io.millrace.sink.plan;

import io.millrace.sink.plan.Unit.Route;

/**
 * A command with where it goes, before it becomes part of a unit.
 *
 * @param slot of its keys; 0 without keys
 * @param keys hashes of its keys
 * @param sweep what is done in the command's place, with {@link Route#SWEEP}; else null
 */
record Draft(PlannedCommand command, Route route, int slot, long[] keys, KeySweep sweep) {

    Draft(PlannedCommand command, Route route, int slot, long[] keys) {
        this(command, route, slot, keys, null);
    }

    boolean isBarrier() {
        return switch (route) {
            case ALONE, ALL_MASTERS, GATHERED, SWEEP -> true;
            case SLOT, ANY_NODE -> false;
        };
    }
}
