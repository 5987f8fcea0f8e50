package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.apply.ProgressHistory.Progress;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.SlotCheckpoints;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session on a cluster; see {@link ClusterOnce}. */
final class ClusterSession implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSession.class);

    /** Two failovers that bring a master back take longer than that: none goes unseen between two windows. */
    private static final long LOOK_MILLIS = 250;

    private static final long LAYOUT_MILLIS = 5000;
    private static final long WAIT_MILLIS = 200;
    private static final long WARN_MILLIS = 60_000;

    private static final int COMMIT_TRIES = 20;

    /** Longer than what {@code appendfsync everysec} may lose. */
    private static final long SETTLE_MILLIS = 3000;

    private final SessionParts parts;
    private final ClusterNodes nodes;
    private final MainCheckpoints main;
    private final byte[][] markers;
    private final SlotCheckpoints slots;
    private final SlotRuns runs;
    private final OnceRuns once;
    private final GatheredUnits gathered;
    private final ReplicaPatience replicas;
    private final Map<LogPartition, Checkpoint> begun;
    private final Map<LogPartition, LogPosition> applied = new HashMap<>();
    private final Set<LogPartition> unbegun = new HashSet<>();
    private final ProgressHistory history = new ProgressHistory();
    private final ReplyJudge judge;
    private final String session;

    /** Connections of a sweep that is under way, for {@link #cut}. */
    private volatile Nodes sweeping;

    private long lookedAt;
    private long layoutAt;
    private long behindSince = -1;

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
        this.markers = markers;
        this.slots = slots;
        this.runs = new SlotRuns(new SlotNotes(keys));
        this.once = new OnceRuns(nodes, parts, strangers);
        this.gathered = new GatheredUnits(new SessionSlots(nodes, parts, strangers), judge, keys);
        this.replicas = new ReplicaPatience(parts);
        this.begun = main.written();
        this.begun.forEach((partition, checkpoint) -> {
            applied.put(partition, checkpoint.applied());
            if (checkpoint.resume() == null) {
                unbegun.add(partition);
            }
        });
        this.lookedAt = parts.millis().getAsLong();
        this.layoutAt = lookedAt;
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
    public void apply(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        if (parts.millis().getAsLong() - lookedAt > LOOK_MILLIS) {
            look();
        }
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
        List<Run> all = runs.build(window);
        try {
            once.finish(all);
        } catch (AppliedRefusal e) {
            throw stop(e);
        } finally {
            for (Run run : all) {
                run.units().subList(0, run.done()).forEach(ClusterSession::release);
            }
        }
        window.forEach(this::applied);
    }

    /** Slots have checkpoints only of partitions whose main checkpoint says where to read on. */
    private void begin(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        for (Unit unit : window) {
            if (unbegun.remove(unit.partition())) {
                while (!commit(resume, false)) {
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

    private void mustCommit(ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        replicas.await(all -> commit(resume, all));
    }

    private void applied(Unit unit) {
        applied.put(unit.partition(), unit.position());
    }

    private static void release(Unit unit) {
        for (Ticket ticket : unit.tickets()) {
            ticket.release();
        }
    }

    private void look() throws SessionEndedException {
        nodes.verify();
        lookedAt = parts.millis().getAsLong();
    }

    /**
     * One command to every master. What empties them takes the checkpoints along: the main ones come back in the same
     * transaction. Where slots move meanwhile, it is sent until no key can have slipped through. To be applied once more, after a session that ended in the middle, is no harm: such a command says what
     * there is afterwards, and what the log has after it is applied after it again.
     */
    private void broadcast(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        boolean empties = unit.empties();
        if (empties) {
            tryToCommit(resume);
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
        applied(unit);
        if (empties) {
            tryToCommit(resume);
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
        look();
        applied(unit);
        mustCommit(resume);
        release(unit);
    }

    /** A command over several slots: nothing follows before the main checkpoint is past it, as its outcome would undo that. */
    private void gather(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        boolean executed =
                gathered.apply(unit, () -> replicas.await(all -> nodes.replicated(markers, WAIT_MILLIS, all)));
        look();
        applied(unit);
        mustCommit(resume);
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

    /** What follows a command that empties everything, and what precedes it, are best not confused after a failover. */
    private void tryToCommit(ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        for (int i = 0; i < COMMIT_TRIES && !commit(resume, true); i++) {
            parts.abort().pause(WAIT_MILLIS / 4);
        }
    }

    @Override
    public void note(ResumePoints resume) throws SessionEndedException {
        long now = parts.millis().getAsLong();
        lookAround(now);
        Map<LogPartition, Progress> reached = reached(resume);
        boolean acknowledged = history.endsWith(reached) || isReplicated(reached, true);
        if (acknowledged && !history.endsWith(reached)) {
            history.add(now, reached);
        }
        Map<LogPartition, Progress> settled = history.until(now - SETTLE_MILLIS);
        boolean noted = acknowledged && (settled == null || write(settled));
        if (noted) {
            behindSince = -1;
        } else if (behindSince < 0) {
            behindSince = now;
        } else if (now - behindSince > WARN_MILLIS) {
            behindSince = now;
            LOG.warn(
                    "Where to read on has not been noted in the destination for {} s, because not all replicas acknowledge"
                            + " what was applied; a restart repeats that much. Check that every replica is connected to its"
                            + " master (INFO replication).",
                    WARN_MILLIS / 1000);
        }
    }

    /** Writes the main checkpoints, when what they say is on all replicas; false when it is not, or they cannot be written. */
    private boolean commit(ResumePoints resume, boolean all) throws SessionEndedException {
        lookAround(parts.millis().getAsLong());
        Map<LogPartition, Progress> reached = reached(resume);
        if (!isReplicated(reached, all) || !write(reached)) {
            return false;
        }
        history.clear();
        return true;
    }

    private void lookAround(long now) throws SessionEndedException {
        look();
        if (now - layoutAt > LAYOUT_MILLIS || behindSince >= 0 || nodes.mayHaveOtherReplicas()) {
            nodes.refresh();
            layoutAt = now;
        }
    }

    private Map<LogPartition, Progress> reached(ResumePoints resume) {
        Map<LogPartition, Progress> reached = new HashMap<>();
        for (LogPartition partition : main.partitions()) {
            reached.put(partition, new Progress(applied.get(partition), resume.of(partition)));
        }
        return reached;
    }

    private boolean isReplicated(Map<LogPartition, Progress> reached, boolean all) throws SessionEndedException {
        for (Map.Entry<LogPartition, Progress> each : reached.entrySet()) {
            Checkpoint before = main.written(each.getKey());
            if (!each.getValue().in(before).equals(before)) {
                return nodes.replicated(markers, WAIT_MILLIS, all);
            }
        }
        return true;
    }

    private boolean write(Map<LogPartition, Progress> reached) throws SessionEndedException {
        try {
            for (Map.Entry<LogPartition, Progress> each : reached.entrySet()) {
                LogPartition partition = each.getKey();
                main.write(partition, each.getValue().in(main.written(partition)));
            }
            return true;
        } catch (RedisFailureException e) {
            return postponed(e);
        }
    }

    private static boolean postponed(RedisFailureException e) throws SessionEndedException {
        if (!e.failure().isRetryable()) {
            throw new SinkFailure(
                    "The sink's checkpoint, a key that begins with __millrace:checkpoint:, cannot be written. "
                            + e.getMessage(),
                    e);
        }
        if (RetryWindows.isConnection(e.kind()) && e.kind() != Kind.CLUSTERDOWN) {
            throw new SessionEndedException(e.failure());
        }
        LOG.debug("The checkpoint is written a little later.", e);
        return false;
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
