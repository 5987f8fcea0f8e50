package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.SnapshotEntry;
import io.millrace.rdb.Loss;
import java.util.Set;

/**
 * Decides what becomes of a change of which something, or all, cannot exist at the destination. What goes on without a part of
 * itself is reported to the plan, once for each change. Belongs to the thread that plans.
 */
final class Unsupported {

    private final Destination destination;
    private final UnsupportedPolicy policy;
    private final Plan plan;
    private Change change;
    private Ticket ticket;
    private boolean reported;

    Unsupported(Destination destination, UnsupportedPolicy policy, Plan plan) {
        this.destination = destination;
        this.policy = policy;
        this.plan = plan;
    }

    /** The change that is planned from now on. */
    void next(Change planned, Ticket its) {
        change = planned;
        ticket = its;
        reported = false;
    }

    /** Returns when the change goes on without them. */
    void losses(String command, Set<Loss> losses) throws PlanRejection, LeftOut {
        for (Loss loss : losses) {
            if (loss == Loss.MODULE && change instanceof SnapshotEntry entry) {
                whole(command, "the value of the module type " + entry.type());
            }
            if (loss.isWhole()) {
                whole(command, loss.toString());
            }
            part(command, loss.toString());
        }
    }

    /**
     * A part of the change cannot exist. Returns when the rest is applied.
     *
     * @param what for "... cannot exist at Redis 7.0.15"
     */
    void part(String command, String what) throws PlanRejection, LeftOut {
        String reason = reason(what);
        switch (policy) {
            case FAIL -> throw refusal(command, reason, true);
            case SKIP -> throw new LeftOut(command, reason);
            case DEGRADE -> {
                if (!reported) {
                    reported = true;
                    plan.degraded(ticket, change, command, reason);
                }
            }
        }
    }

    /** Nothing of the change can exist. Never returns. */
    void whole(String command, String what) throws PlanRejection, LeftOut {
        String reason = reason(what);
        if (policy == UnsupportedPolicy.FAIL) {
            throw refusal(command, reason, false);
        }
        throw new LeftOut(command, reason);
    }

    /** What is planned is left out; the caller has seen to what was planned of it before. */
    void leftOut(LeftOut why) {
        plan.leftOut(ticket, change, why.command(), why.getMessage());
    }

    private String reason(String what) {
        return Character.toUpperCase(what.charAt(0)) + what.substring(1) + " cannot exist at the destination, "
                + destination.version() + ".";
    }

    private static PlanRejection refusal(String command, String reason, boolean rest) {
        return new PlanRejection(
                command,
                reason + " Use a destination that has it, set unsupported.values="
                        + (rest ? "degrade to apply the rest, or skip" : "skip")
                        + " to leave the change out, or filter it.");
    }
}
