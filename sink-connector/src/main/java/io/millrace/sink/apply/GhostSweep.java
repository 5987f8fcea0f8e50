package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.KeySweep;
import io.millrace.slot.HashSlot;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through every master of the destination for keys that are to go.
 *
 * <p>A cursor of SCAN means something to one node alone, and keys move between nodes. So a pass over all masters counts only
 * if the slots lived where they live during the whole pass; else there is another. Where a slot is being moved, its keys go
 * from one node to one other: what a first pass has missed because it was on the way, a second finds where it arrived.
 */
final class GhostSweep {

    private static final Logger LOG = LoggerFactory.getLogger(GhostSweep.class);

    private final Nodes nodes;
    private final AbortSignal abort;
    private final RetryWindows retries;
    private final Consumer<ApplyState> state;
    private final LongSupplier millis;
    private final Unlinking unlinking;
    private boolean redirected;

    /** @param unlinking how keys are removed from a standalone destination; null for a plain UNLINK */
    GhostSweep(
            Nodes nodes,
            AbortSignal abort,
            RetryWindows retries,
            Consumer<ApplyState> state,
            LongSupplier millis,
            Unlinking unlinking) {
        this.unlinking = unlinking;
        this.nodes = nodes;
        this.abort = abort;
        this.retries = retries;
        this.state = state;
        this.millis = millis;
    }

    /** Returns when all masters were looked through, however often it takes. */
    void run(KeySweep sweep) throws ApplyAbortedException, SessionEndedException {
        LOG.info("Looking through the destination for {}.", sweep);
        GhostCount count = new GhostCount();
        int settledPasses = 0;
        while (true) {
            state.accept(ApplyState.SWEEPING);
            boolean first = settledPasses == 0;
            Pass pass = pass(sweep, count);
            settledPasses = pass == Pass.UNSETTLED ? 0 : settledPasses + 1;
            if (pass == Pass.SETTLED || (pass == Pass.MOVING && !first)) {
                state.accept(ApplyState.RUNNING);
                sweep.swept(count.ghosts(), count.example());
                return;
            }
        }
    }

    private enum Pass {
        /** Every key was where it is. */
        SETTLED,
        /** The slots stayed, and one of them is on its way. */
        MOVING,
        /** A node was lost, or a slot has changed its master. */
        UNSETTLED
    }

    private Pass pass(KeySweep sweep, GhostCount count) throws ApplyAbortedException, SessionEndedException {
        Address at = null;
        count.restart(sweep.removes());
        try {
            nodes.refresh();
            ClusterLayout before = nodes.layout();
            if (before != null && before.unservedSlots() > 0) {
                pause(RedisFailure.of(Kind.CLUSTERDOWN, before.unservedSlots() + " slots have no master"));
                return Pass.UNSETTLED;
            }
            boolean moving = false;
            Set<Address> masters = nodes.masters();
            for (Address master : masters) {
                at = master;
                moving |= new NodeSweep(nodes, master, sweep, count, abort, unlinking).run();
                if (!redirected) {
                    retries.progress();
                }
            }
            nodes.refresh();
            if (!sameMasters(before, nodes.layout())) {
                LOG.info("Slots have moved meanwhile: looking through the destination again.");
                return Pass.UNSETTLED;
            }
            redirected = false;
            retries.progress();
            return moving ? Pass.MOVING : Pass.SETTLED;
        } catch (RedisFailureException e) {
            if (at != null) {
                nodes.disconnect(at);
            }
            failed(e.failure(), sweep);
            return Pass.UNSETTLED;
        }
    }

    private void failed(RedisFailure failure, KeySweep sweep) throws ApplyAbortedException {
        if (failure.kind() == Kind.PERMISSION) {
            throw new SinkFailure("Looking for " + sweep.subject() + " is not allowed. " + failure.sentence()
                    + " It takes SCAN, INFO and UNLINK: ACL SETUSER <user> +scan +info +unlink. "
                    + sweep.alternative());
        }
        if (failure.kind().disposition() != Disposition.RETRY) {
            throw new SinkFailure("Looking for " + sweep.subject() + " is not possible. " + failure.sentence() + ' '
                    + sweep.alternative());
        }
        redirected = failure.kind() == Kind.MOVED || failure.kind() == Kind.ASK;
        if (!redirected) {
            LOG.warn("Looking through the destination begins again. {}", failure.sentence());
        }
        pause(failure);
    }

    private void pause(RedisFailure failure) throws ApplyAbortedException {
        state.accept(RetryWindows.isConnection(failure.kind()) ? ApplyState.RECONNECTING : ApplyState.RETRYING);
        abort.pause(retries.failed(failure, millis.getAsLong()));
    }

    private static boolean sameMasters(ClusterLayout before, ClusterLayout after) {
        if (before == null) {
            return true;
        }
        for (int slot = 0; slot < HashSlot.COUNT; slot++) {
            if (!Objects.equals(before.master(slot), after.master(slot))) {
                return false;
            }
        }
        return before.epoch() == after.epoch() && List.copyOf(before.masters()).equals(List.copyOf(after.masters()));
    }
}
