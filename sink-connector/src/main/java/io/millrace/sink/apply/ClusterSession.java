package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.SlotCheckpoints;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A session on a cluster; see {@link ClusterOnce}. */
final class ClusterSession implements Session {

    private final SessionParts parts;
    private final ClusterNodes nodes;
    private final MainCheckpoints main;
    private final ClusterProgress progress;
    private final SlotCheckpoints slots;
    private final SlotRuns runs;
    private final OnceRuns once;
    private final GatheredUnits gathered;
    private final Map<LogPartition, Checkpoint> begun;
    private final Set<LogPartition> unbegun = new HashSet<>();
    private final ReplyJudge judge;
    private final String session;

    /** Connections of a sweep that is under way, for {@link #cut}. */
    private volatile Nodes sweeping;

    /** The window that is under way, and as runs; none when it was one unit for all nodes. */
    private List<Unit> under = List.of();

    private List<Run> sent = List.of();

    ClusterSession(
            SessionParts parts,
            ClusterNodes nodes,
            MainCheckpoints main,
            CheckpointKeys keys,
            ReplyJudge judge,
            String session,
            byte[][] markers,
            SlotCheckpoints slots,
            Set<Address> strangers) {
        this.parts = parts;
        this.nodes = nodes;
        this.main = main;
        this.judge = judge;
        this.session = session;
        this.progress = new ClusterProgress(parts, nodes, main, markers);
        this.slots = slots;
        this.runs = new SlotRuns(new SlotNotes(keys));
        this.once = new OnceRuns(nodes, parts, strangers);
        this.gathered = new GatheredUnits(new SessionSlots(nodes, parts, strangers), judge, keys);
        this.begun = main.written();
        this.begun.forEach((partition, checkpoint) -> {
            if (checkpoint.resume() == null) {
                unbegun.add(partition);
            }
        });
    }

    @Override
    public Map<LogPartition, Checkpoint> checkpoints() {
        return begun;
    }

    @Override
    public boolean isApplied(Unit unit) {
        return isPast(unit.partition(), unit.position())
                || (!unit.isBarrier() && slots.covers(unit.partition(), unit.slot(), unit.position()));
    }

    @Override
    public boolean isPast(LogPartition partition, LogPosition position) {
        return !position.isAfter(begun.get(partition).applied());
    }

    @Override
    public void send(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        progress.lookNowAndThen();
        begin(window, resume);
        gathered.begin(begun);
        Unit first = window.get(0);
        if (first.route() == Unit.Route.ALL_MASTERS) {
            broadcast(first, resume);
            return;
        }
        if (first.route() == Unit.Route.SWEEP) {
            sweep(first, resume);
            return;
        }
        if (first.route() == Unit.Route.GATHERED) {
            gather(first, resume);
            return;
        }
        under = window;
        sent = runs.build(window);
        boolean onTheirWay = false;
        try {
            once.send(sent);
            onTheirWay = true;
        } catch (AppliedRefusal e) {
            throw stop(e);
        } finally {
            if (!onTheirWay) {
                releaseSent();
            }
        }
    }

    @Override
    public void settle() throws ApplyAbortedException, SessionEndedException {
        try {
            once.finish();
        } catch (AppliedRefusal e) {
            throw stop(e);
        } finally {
            releaseSent();
        }
        under.forEach(progress::applied);
        under = List.of();
    }

    private void releaseSent() {
        for (Run run : sent) {
            for (int i = 0; i < run.done(); i++) {
                release(run.units().get(i));
            }
        }
        sent = List.of();
    }

    /** Slots have checkpoints only of partitions whose main checkpoint says where to read on. */
    private void begin(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        for (Unit unit : window) {
            if (unbegun.remove(unit.partition())) {
                while (!progress.commit(resume, false)) {
                    RedisFailure why = RedisFailure.of(
                            Kind.NOREPLICAS, "the checkpoint of " + unit.partition() + " cannot be written yet");
                    parts.report().failed(why);
                    parts.abort()
                            .pause(parts.retries().failed(why, parts.millis().getAsLong()));
                }
            }
            if (unbegun.isEmpty()) {
                return;
            }
        }
    }

    private static void release(Unit unit) {
        for (Ticket ticket : unit.tickets()) {
            ticket.release();
        }
    }

    /**
     * One command to every master. What empties them takes the checkpoints along: the main ones come back in the same
     * transaction. Where slots move meanwhile, it is sent until no key can have slipped through. To be applied once more,
     * after a session that ended in the middle, is no harm: such a command says what there is afterwards, and what the log has
     * after it is applied after it again.
     */
    private void broadcast(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        boolean empties = unit.empties();
        if (empties) {
            progress.tryToCommit(resume);
        }
        SettledPasses passes = new SettledPasses();
        ClusterLayout before;
        boolean moving;
        do {
            before = nodes.layout();
            moving = empties && nodes.haveOpenSlots();
            Set<Address> done = new HashSet<>();
            List<Run> open = toMasters(unit, empties, done);
            while (!open.isEmpty()) {
                once.finish(open);
                nodes.refresh();
                open = toMasters(unit, empties, done);
            }
            moving |= empties && nodes.haveOpenSlots();
        } while (empties && !passes.isLast(before, nodes.layout(), moving));
        if (empties) {
            slots.clear();
        }
        progress.applied(unit);
        if (empties) {
            progress.tryToCommit(resume);
        }
        release(unit);
    }

    private List<Run> toMasters(Unit unit, boolean empties, Set<Address> done) {
        List<Run> open = new ArrayList<>();
        for (Address master : nodes.layout().masters()) {
            if (done.add(master)) {
                Run run =
                        new Run(List.of(unit), master, empties ? (units, from, end) -> main.notes(master) : Notes.NONE);
                run.mayBeRepeated();
                open.add(run);
            }
        }
        return open;
    }

    /**
     * Removes what a new snapshot did not bring. Done once more after that which follows it, it would remove what is newer: so
     * nothing follows before the checkpoint says that it is done. The connections that it makes come after the claim; each has
     * its name, and then asks who owns the partitions.
     */
    private void sweep(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        try (Nodes made = new Nodes(parts.nodes(), parts.settings(), judge, this::joined)) {
            sweeping = made;
            new GhostSweep(made, parts.abort(), parts.retries(), parts.report()::state, parts.millis(), null)
                    .run(unit.sweep());
        } catch (NotOwnerException e) {
            throw e.end();
        } finally {
            sweeping = null;
        }
        progress.look();
        progress.applied(unit);
        progress.mustCommit(resume);
        release(unit);
    }

    /** A command over several slots: nothing follows before the main checkpoint is past it, as its outcome would undo that. */
    private void gather(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        boolean executed = gathered.apply(unit, progress::awaitReplicas);
        progress.look();
        progress.applied(unit);
        progress.mustCommit(resume);
        if (executed) {
            gathered.drop(unit);
        }
        release(unit);
    }

    private void joined(Node node) {
        ConnectionFence.name(node, session);
        try {
            for (LogPartition partition : main.partitions()) {
                main.write(partition, main.written(partition));
            }
        } catch (SessionEndedException e) {
            throw new NotOwnerException(e);
        }
    }

    @Override
    public void note(ResumePoints resume) throws SessionEndedException {
        progress.note(resume);
    }

    /** What follows a refused command was applied with it; so the next sink must not pass over it in silence. */
    private SinkFailure stop(AppliedRefusal refusal) {
        SinkFailure failure = new SinkFailure(refusal.getMessage());
        try {
            LogPartition partition = refusal.partition();
            main.write(partition, main.written(partition).withRefused(refusal.getMessage()));
        } catch (SessionEndedException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    @Override
    public void cut() {
        nodes.cut();
        Nodes current = sweeping;
        if (current != null) {
            current.cut();
        }
    }

    @Override
    public void close() {
        nodes.close();
        main.close();
    }
}
