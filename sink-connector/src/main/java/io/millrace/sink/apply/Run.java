package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Units that must be applied in their order, because they share keys. Runs of one window have no order among each other.
 *
 * <p>A run of more than one command is sent as one MULTI…EXEC. That is what keeps its order: a node that rejects one of
 * pipelined commands (MOVED, TRYAGAIN, OOM) may accept the next, which would then overtake; in a transaction it rejects all
 * of them. Where a transaction as a whole cannot pass (its keys are on both nodes while their slot moves; memory is short)
 * its units are sent in smaller steps, down to one.
 */
final class Run {

    private final List<Unit> units;
    private final Address pinned;
    private final Notes notes;
    private Set<PlannedCommand> refused = Collections.emptySet();
    private int next;
    private int stride = Integer.MAX_VALUE;
    private Address ask;
    private Redirect moved;
    private boolean resent;
    private RedisFailure failure;
    private boolean advanced;

    /** @param pinned the node it belongs to, or null when its slot says so */
    Run(List<Unit> units, Address pinned) {
        this(units, pinned, Notes.NONE);
    }

    /** @param notes what is written with each step, in its transaction */
    Run(List<Unit> units, Address pinned, Notes notes) {
        this.units = units;
        this.pinned = pinned;
        this.notes = notes;
    }

    int slot() {
        return units.get(0).slot();
    }

    int db() {
        return units.get(0).db();
    }

    Address pinned() {
        return pinned;
    }

    boolean anyNode() {
        return units.get(0).route() == Unit.Route.ANY_NODE;
    }

    boolean isDone() {
        return next == units.size();
    }

    /** The units that are done, counted from the first. */
    int done() {
        return next;
    }

    List<Unit> units() {
        return units;
    }

    /** The first unit after the next step. */
    int stepEnd() {
        return (int) Math.min(units.size(), (long) next + stride);
    }

    /** What goes with the next step. */
    List<Note> notes() {
        return notes.of(units, next, stepEnd());
    }

    boolean isRefused(PlannedCommand command) {
        return refused.contains(command);
    }

    boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** The command will not be sent again. */
    void refuse(PlannedCommand command) {
        if (refused.isEmpty()) {
            refused = Collections.newSetFromMap(new IdentityHashMap<>());
        }
        refused.add(command);
    }

    /** Whether what is sent next may have been applied before: the connection was lost after it was sent. */
    boolean isResent() {
        return resent;
    }

    /** A session before this one may have applied it. */
    void mayBeRepeated() {
        resent = true;
    }

    /** Where a node has sent the next step, once; null usually. */
    Address takeAsk() {
        Address target = ask;
        ask = null;
        return target;
    }

    void askAt(Address target) {
        ask = target;
        advanced = true;
    }

    void moved(Redirect redirect) {
        moved = redirect;
    }

    /** Where the slot lives, as a node has just said, or null. */
    Redirect moved() {
        return moved;
    }

    void beginPass() {
        moved = null;
        failure = null;
        advanced = false;
    }

    /** Everything before {@code end} is done. */
    void advance(int end) {
        advanced |= end > next;
        next = end;
        resent = false;
        if (stride < Integer.MAX_VALUE / 2) {
            stride *= 2;
        }
    }

    /** Something was decided that lets the next pass get further. */
    void progress() {
        advanced = true;
    }

    /** The step was not applied, and can be later. */
    void fail(RedisFailure why) {
        failure = why;
        if (why.kind() == Kind.OOM || why.kind() == Kind.TRYAGAIN) {
            narrow();
        }
    }

    /** Halves the step: what cannot pass together may pass apart; false when it is a single unit already. */
    boolean narrow() {
        int step = stepEnd() - next;
        if (step < 2) {
            return false;
        }
        stride = step / 2;
        advanced = true;
        return true;
    }

    /** The connection was lost: nobody knows whether the step was applied. */
    void lose(RedisFailure why) {
        resent = true;
        failure = why;
    }

    /** From this unit on the step is to be sent again, although some of it was applied. */
    void repeatFrom(int unit, RedisFailure why) {
        next = unit;
        resent = true;
        failure = why;
    }

    RedisFailure failure() {
        return failure;
    }

    boolean advanced() {
        return advanced;
    }
}
