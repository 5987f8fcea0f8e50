package io.millrace.sink.plan;

/**
 * A command with where it goes, before it becomes part of a unit.
 *
 * @param slot of its keys; 0 without keys
 * @param keys hashes of its keys
 */
record Draft(PlannedCommand command, Unit.Route route, int slot, long[] keys) {

    boolean isBarrier() {
        return route == Unit.Route.ALONE || route == Unit.Route.ALL_MASTERS;
    }
}
