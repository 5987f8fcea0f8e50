package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends runs to the nodes of a session until all are done. What a node rejects without applying it is sent again, after a look
 * at whether its masters are still those that the session began with. Anything else that goes wrong ends the session: what was
 * on its way may have been applied.
 *
 * <p>Belongs to the thread that applies.
 */
final class OnceRuns {

    private final ClusterNodes nodes;
    private final SessionParts parts;
    private final Set<Address> strangers;

    /** What was sent last, and by which connections. */
    private List<Run> pending = List.of();

    private final Set<Pipeline> used = new LinkedHashSet<>();

    /** @param strangers takes the masters that the session has no connection to, for the next session */
    OnceRuns(ClusterNodes nodes, SessionParts parts, Set<Address> strangers) {
        this.nodes = nodes;
        this.parts = parts;
        this.strangers = strangers;
    }

    /** Sends runs, and waits until all are done. */
    void finish(List<Run> runs) throws ApplyAbortedException, SessionEndedException {
        send(runs);
        finish();
    }

    /** Waits until all runs are done that were sent last. */
    void finish() throws ApplyAbortedException, SessionEndedException {
        while (!pending.isEmpty()) {
            for (Pipeline pipeline : used) {
                end(pipeline.drain());
            }
            List<Run> left = left(pending);
            pending = List.of();
            if (!left.isEmpty()) {
                send(left);
            }
        }
    }

    /** Sends runs; {@link #finish()} hears what came of them. */
    void send(List<Run> runs) throws ApplyAbortedException, SessionEndedException {
        parts.abort().check();
        pending = runs;
        used.clear();
        Pipeline last = null;
        for (Run run : runs) {
            run.beginPass();
            Address ask = run.takeAsk();
            Address target = ask != null ? ask : run.pinned() != null ? run.pinned() : master(run);
            if (target == null) {
                run.fail(RedisFailure.of(Kind.CLUSTERDOWN, "slot " + run.slot() + " has no master"));
                continue;
            }
            Pipeline pipeline = nodes.pipeline(target);
            if (pipeline == null) {
                strangers.add(target);
                throw ClusterNodes.unknown(target);
            }
            if (pipeline != last) {
                used.add(pipeline);
                last = pipeline;
            }
            end(pipeline.send(new Exchange(run, ask != null)));
        }
        for (Pipeline pipeline : used) {
            end(pipeline.flush());
        }
    }

    private Address master(Run run) {
        return nodes.layout().master(run.slot());
    }

    private static void end(RedisFailure lost) throws SessionEndedException {
        if (lost != null) {
            throw new SessionEndedException(lost);
        }
    }

    /** Hears the outcomes, and waits when nothing went on. */
    private List<Run> left(List<Run> runs) throws ApplyAbortedException, SessionEndedException {
        List<Run> left = new ArrayList<>();
        RedisFailure failure = null;
        boolean advanced = false;
        boolean look = false;
        for (Run run : runs) {
            advanced |= run.advanced();
            if (!run.isDone()) {
                left.add(run);
            }
            if (run.failure() != null) {
                check(run.failure());
                look |= run.failure().kind() != Kind.OOM;
                failure = failure == null || failure.kind() != Kind.OOM ? run.failure() : failure;
            }
        }
        if (failure == null) {
            parts.retries().progress();
            parts.report().recovered();
            return left;
        }
        parts.report().failed(failure);
        if (look) {
            look(runs, failure);
        }
        if (advanced) {
            parts.retries().progress();
        } else {
            parts.abort().pause(parts.retries().failed(failure, parts.millis().getAsLong()));
        }
        return left;
    }

    /** Returns when what was rejected may be sent again in this session. */
    static void check(RedisFailure failure) throws SessionEndedException {
        if (failure.kind().disposition() != Disposition.RETRY) {
            throw new SinkFailure("The destination cannot be used. " + failure.sentence());
        }
        switch (failure.kind()) {
            case OOM, TRYAGAIN, MOVED, ASK, CLUSTERDOWN, MISCONF, NOREPLICAS, BUSY -> {
                // rejected, and nothing applied
            }
            default -> throw new SessionEndedException(failure);
        }
    }

    /** Before anything is sent again: a slot that has another master was either moved, or lost in a failover. */
    private void look(List<Run> runs, RedisFailure failure) throws SessionEndedException {
        nodes.verify();
        if (failure.kind() == Kind.MOVED || failure.kind() == Kind.CLUSTERDOWN) {
            nodes.refresh();
        }
        for (Run run : runs) {
            if (run.moved() != null) {
                nodes.moved(run.moved().slot(), run.moved().target());
            }
        }
    }
}
