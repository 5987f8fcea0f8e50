package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies windows of units. It sends every run of a window, reads every reply, and sends again what could not be applied,
 * until all of it is done; only then comes the next window. Belongs to one thread.
 */
public final class Applier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final Nodes nodes;
    private final RunBuilder runs;
    private final RetryWindows retries;
    private final AbortSignal abort;
    private final OutageReport report;
    private final LongSupplier millis;
    private final CheckpointKeys keys;
    private final Gathering gathering;

    /**
     * Reads the layout of a cluster; connects to a standalone server with the first window.
     *
     * @param startedAt wall clock in milliseconds: records older than that may have been applied by the task before
     * @throws RedisFailureException when a cluster's layout cannot be read
     */
    public Applier(SessionParts parts, long startedAt) {
        ReplyJudge judge = new ReplyJudge(parts.refused(), startedAt);
        this.nodes = new Nodes(parts.nodes(), parts.settings(), judge);
        this.keys = new CheckpointKeys(parts.connector());
        this.gathering = new Gathering(new PatientSlots(nodes, parts), judge);
        this.runs = new RunBuilder(nodes.isCluster());
        this.retries = new RetryWindows(parts.settings());
        this.abort = parts.abort();
        this.report = parts.report();
        this.millis = parts.millis();
    }

    /**
     * Applies a window; returns when all of it is done. Records are released as their units are done, also when it ends
     * with an exception.
     *
     * @param window without barriers, or one barrier alone
     * @throws SinkFailure when the task cannot go on
     */
    public void apply(List<Unit> window) throws ApplyAbortedException, SessionEndedException {
        Unit first = window.get(0);
        if (first.route() == Unit.Route.ALL_MASTERS) {
            broadcast(first);
            return;
        }
        if (first.route() == Unit.Route.SWEEP) {
            new GhostSweep(nodes, abort, retries, report::state, millis, null).run(first.sweep());
            release(first);
            return;
        }
        if (first.route() == Unit.Route.GATHERED) {
            gather(first);
            return;
        }
        List<Run> all = first.isBarrier() ? List.of(new Run(window, null)) : runs.build(window);
        try {
            List<Run> pending = all;
            while (!pending.isEmpty()) {
                pending = step(pending);
            }
        } finally {
            for (Run run : all) {
                for (int i = 0; i < run.done(); i++) {
                    release(run.units().get(i));
                }
            }
        }
    }

    /** One command to every master; again, where it empties them and keys may have slipped through between two. */
    private void broadcast(Unit unit) throws ApplyAbortedException {
        if (!unit.empties()) {
            everyMaster(unit);
            release(unit);
            return;
        }
        SettledPasses passes = new SettledPasses();
        ClusterLayout before;
        boolean moving;
        do {
            refresh();
            before = nodes.layout();
            moving = mayHaveOpenSlots();
            everyMaster(unit);
            refresh();
            moving |= mayHaveOpenSlots();
        } while (!passes.isLast(before, nodes.layout(), moving));
        release(unit);
    }

    private boolean mayHaveOpenSlots() {
        for (Address master : nodes.masters()) {
            try {
                if (SettledPasses.hasOpenSlots(
                        (byte[]) nodes.pipeline(master, 0).node().call("CLUSTER", "NODES"))) {
                    return true;
                }
            } catch (RedisFailureException e) {
                nodes.disconnect(master);
                return true;
            }
        }
        return false;
    }

    /** A master that appears meanwhile gets it too; one that is gone no longer counts. */
    private void everyMaster(Unit unit) throws ApplyAbortedException {
        Set<Address> done = new HashSet<>();
        Map<Address, Run> open = new HashMap<>();
        while (true) {
            Set<Address> masters = nodes.masters();
            open.keySet().retainAll(masters);
            for (Address master : masters) {
                if (!done.contains(master)) {
                    open.computeIfAbsent(master, address -> new Run(List.of(unit), address));
                }
            }
            if (masters.isEmpty()) {
                refresh();
                abort.pause(retries.failed(
                        RedisFailure.of(Kind.CLUSTERDOWN, "no master serves a slot"), millis.getAsLong()));
                continue;
            }
            if (open.isEmpty()) {
                return;
            }
            step(new ArrayList<>(open.values()));
            open.entrySet().removeIf(entry -> {
                boolean finished = entry.getValue().isDone();
                if (finished) {
                    done.add(entry.getKey());
                }
                return finished;
            });
        }
    }

    /** A command over several slots; after a crash in its middle, its second application may find its keys changed. */
    private void gather(Unit unit) throws ApplyAbortedException, SessionEndedException {
        byte[] base = keys.gathered(unit.partition());
        GatheredCommand command = new GatheredCommand(unit.commands()[0], base);
        if (gathering.execute(command, base)) {
            gathering.carryOut(command);
            gathering.drop(command, base);
        }
        release(unit);
    }

    private static void release(Unit unit) {
        for (Ticket ticket : unit.tickets()) {
            ticket.release();
        }
    }

    /** Sends the next step of every run, hears the outcomes, and waits when nothing went on; returns what is not done. */
    private List<Run> step(List<Run> pending) throws ApplyAbortedException {
        abort.check();
        pass(pending);
        List<Run> left = new ArrayList<>();
        RedisFailure failure = null;
        boolean advanced = false;
        boolean outage = false;
        for (Run run : pending) {
            advanced |= run.advanced();
            if (!run.isDone()) {
                left.add(run);
            }
            if (run.failure() != null) {
                failure = worse(failure, run.failure());
                outage |= RetryWindows.isConnection(run.failure().kind());
                if (run.moved() != null) {
                    nodes.moved(run.moved().slot(), run.moved().target());
                }
            }
        }
        if (failure == null) {
            recovered();
            return left;
        }
        if (failure.kind().disposition() != Disposition.RETRY) {
            throw new SinkFailure("The destination cannot be used. " + failure.sentence());
        }
        report.failed(failure);
        if (outage || failure.kind() == Kind.MOVED) {
            refresh();
        }
        if (advanced) {
            retries.progress();
        } else {
            abort.pause(retries.failed(failure, millis.getAsLong()));
        }
        return left;
    }

    private static RedisFailure worse(RedisFailure one, RedisFailure other) {
        return one == null || rank(other) > rank(one) ? other : one;
    }

    private static int rank(RedisFailure failure) {
        return failure.kind().disposition() != Disposition.RETRY
                ? 3
                : RetryWindows.isConnection(failure.kind()) ? 2 : failure.kind() == Kind.OOM ? 1 : 0;
    }

    private void pass(List<Run> pending) {
        Map<Address, RedisFailure> gone = new HashMap<>();
        Set<Pipeline> used = new LinkedHashSet<>();
        for (Run run : pending) {
            run.beginPass();
            Address ask = run.takeAsk();
            Address target = ask != null ? ask : run.pinned() != null ? run.pinned() : nodes.master(run.slot());
            if (target == null) {
                run.fail(RedisFailure.of(Kind.CLUSTERDOWN, "slot " + run.slot() + " has no master"));
                continue;
            }
            RedisFailure earlier = gone.get(target);
            if (earlier != null) {
                run.fail(earlier);
                continue;
            }
            Exchange exchange = new Exchange(run, ask != null);
            try {
                openSelected(exchange, target);
                Pipeline pipeline = nodes.pipeline(target, run.db());
                used.add(pipeline);
                RedisFailure lost = pipeline.send(exchange);
                if (lost != null) {
                    gone.put(target, lost);
                }
            } catch (RedisFailureException e) {
                run.fail(e.failure());
                gone.put(target, e.failure());
            }
        }
        for (Pipeline pipeline : used) {
            RedisFailure lost = pipeline.drain();
            if (lost != null) {
                gone.put(pipeline.address(), lost);
            }
        }
        for (Run run : pending) {
            if (run.failure() != null && run.failure().kind() == Kind.READONLY) {
                // a replica: whoever is master now may answer at the same address after a failover
                gone.put(run.pinned() != null ? run.pinned() : nodes.master(run.slot()), run.failure());
            }
        }
        gone.keySet().forEach(nodes::disconnect);
    }

    /** A SELECT that fails inside a transaction would send what follows to the wrong database: it is tried before. */
    private void openSelected(Exchange exchange, Address target) {
        for (int db : exchange.databases()) {
            nodes.pipeline(target, db);
        }
    }

    private void refresh() {
        try {
            nodes.refresh();
        } catch (RedisFailureException e) {
            LOG.debug("The cluster's layout cannot be read now; the last one stays in use.", e);
        }
    }

    private void recovered() {
        retries.progress();
        report.recovered();
    }

    /** Ends all connections, so that a wait for a reply ends too. Thread-safe, and for the time after an abort only. */
    public void cut() {
        nodes.cut();
    }

    @Override
    public void close() {
        nodes.close();
    }
}
