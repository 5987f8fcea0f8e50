package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.sink.plan.Ticket;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that are not applied as they are, because the plan refuses them or a part of them cannot exist at the destination,
 * between their planning and the note of their keys. Belongs to the thread that applies.
 */
final class Reductions {

    private record Reduced(Ticket ticket, Change change, String command, String reason) {}

    private final Refusals refusals;
    private final List<Reduced> refused = new ArrayList<>();
    private final List<Reduced> degraded = new ArrayList<>();
    private final List<Reduced> leftOut = new ArrayList<>();

    Reductions(Refusals refusals) {
        this.refusals = refusals;
    }

    void clear() {
        refused.clear();
        degraded.clear();
        leftOut.clear();
    }

    void degraded(Ticket ticket, Change change, String command, String reason) {
        degraded.add(new Reduced(ticket, change, command, reason));
    }

    void leftOut(Ticket ticket, Change change, String command, String reason) {
        leftOut.add(new Reduced(ticket, change, command, reason));
    }

    /**
     * A change is planned. What goes on without a part of itself is reported now, for its key is noted with the window that it is
     * applied in.
     *
     * @param before whether an earlier task has applied it
     */
    void planned(boolean before) {
        if (before) {
            degraded.clear();
            leftOut.clear();
        } else if (!degraded.isEmpty()) {
            degraded.forEach(one -> refusals.degraded(one.change(), one.ticket(), one.command(), one.reason()));
            degraded.clear();
        }
    }

    /** Whether the change that was planned last goes on without a part of itself. */
    boolean isReduced() {
        return !degraded.isEmpty();
    }

    void refused(Ticket ticket, Change change, String command, String reason) {
        refused.add(new Reduced(ticket, change, command, reason));
    }

    boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** @param before whether an earlier task has reported it */
    void reportRefused(boolean before) {
        for (Reduced one : refused) {
            if (!before) {
                refusals.refused(one.change(), one.ticket(), one.command(), one.reason());
            }
        }
        refused.clear();
    }

    /** Whether something is left out, to be reported once what came before it is applied. */
    boolean isPending() {
        return !leftOut.isEmpty();
    }

    void report() {
        leftOut.forEach(one -> refusals.leftOut(one.change(), one.ticket(), one.command(), one.reason()));
        leftOut.clear();
    }
}
