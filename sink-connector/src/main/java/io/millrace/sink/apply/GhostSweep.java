package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.KeySweep;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through every master of the destination for keys that are to go.
 *
 * <p>A cursor of SCAN means something to one node alone, and keys move between nodes: see {@link SettledPasses}.
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
        SettledPasses passes = new SettledPasses();
        do {
            state.accept(ApplyState.SWEEPING);
        } while (!pass(sweep, count, passes));
        state.accept(ApplyState.RUNNING);
        sweep.swept(count.ghosts(), count.example());
    }

    /** @return whether it was the last */
    private boolean pass(KeySweep sweep, GhostCount count, SettledPasses passes)
            throws ApplyAbortedException, SessionEndedException {
        Address at = null;
        count.restart(sweep.removes());
        try {
            nodes.refresh();
            ClusterLayout before = nodes.layout();
            if (before != null && before.unservedSlots() > 0) {
                passes.failed();
                pause(RedisFailure.of(Kind.CLUSTERDOWN, before.unservedSlots() + " slots have no master"));
                return false;
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
            redirected = false;
            retries.progress();
            boolean last = passes.isLast(before, nodes.layout(), moving);
            if (!last) {
                LOG.info("Slots have moved meanwhile: looking through the destination again.");
            }
            return last;
        } catch (RedisFailureException e) {
            if (at != null) {
                nodes.disconnect(at);
            }
            passes.failed();
            failed(e.failure(), sweep);
            return false;
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
}
