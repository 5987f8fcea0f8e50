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

    /** How long what must be noted at once waits for replicas that have lost their master. */
    private static final long PATIENCE_MILLIS = 60_000;

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
    private final SlotCalls calls;
    private final Gathering gathering;
    private final CheckpointKeys keys;
    private final Map<LogPartition, Checkpoint> begun;
    private final Map<LogPartition, LogPosition> applied = new HashMap<>();
    private final Set<LogPartition> unbegun = new HashSet<>();
    private final ProgressHistory history = new ProgressHistory();
    private final ReplyJudge judge;
    private final String session;
    private final Map<LogPartition, LogPosition> noted = new HashMap<>();
    private boolean notesRead;
    private boolean withoutLostReplicas;

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
        this.keys = keys;
        this.calls = new SessionSlots(nodes, parts, strangers);
        this.gathering = new Gathering(calls, judge);
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
        readNotes();
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
        awaitReplicas(all -> commit(resume, all));
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
        } catch (NotOwner e) {
            throw e.end;
        } finally {
            sweeping = null;
        }
        look();
        applied(unit);
        mustCommit(resume);
        release(unit);
    }

    /** What sessions before have left of commands over several slots: one that was under way goes on, the rest is removed. */
    private void readNotes() throws ApplyAbortedException, SessionEndedException {
        if (notesRead) {
            return;
        }
        for (Map.Entry<LogPartition, Checkpoint> each : begun.entrySet()) {
            LogPartition partition = each.getKey();
            GatheringNote note = new GatheringNote(calls, keys.gathered(partition));
            LogPosition position = note.read();
            if (position == null) {
                continue;
            }
            if (each.getValue().resume() == null || isPast(partition, position)) {
                note.drop();
            } else {
                noted.put(partition, position);
            }
        }
        notesRead = true;
    }

    /**
     * A command over several slots. Once its outcome is noted, it is not executed again, as some of its keys may have been
     * changed already; and nothing follows before the main checkpoint is past it, as its outcome would undo that. Replicas know
     * of the note before a key is changed: else a failover could take the note and leave the change.
     */
    private void gather(Unit unit, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        byte[] base = keys.gathered(unit.partition());
        GatheringNote note = new GatheringNote(calls, base);
        GatheredCommand command = new GatheredCommand(unit.commands()[0], base);
        boolean executed = unit.position().equals(noted.remove(unit.partition()));
        if (!executed && gathering.execute(command, base)) {
            note.write(command, unit.position());
            awaitReplicas(all -> nodes.replicated(markers, WAIT_MILLIS, all));
            executed = true;
        }
        if (executed) {
            gathering.carryOut(command);
        }
        look();
        applied(unit);
        awaitReplicas(all -> commit(resume, all));
        if (executed) {
            gathering.drop(command, base);
        }
        release(unit);
    }

    /** A step that is done when replicas have everything. */
    private interface Replicated {
        /** @param all whether replicas count that have lost their master, and may take its place all the same */
        boolean ask(boolean all) throws ApplyAbortedException, SessionEndedException;
    }

    /** Waits for replicas that are behind, but not for ever: one that does not come back must not stop everything. */
    private void awaitReplicas(Replicated step) throws ApplyAbortedException, SessionEndedException {
        long since = parts.millis().getAsLong();
        while (!step.ask(true)) {
            if (withoutLostReplicas || parts.millis().getAsLong() - since > PATIENCE_MILLIS) {
                if (!withoutLostReplicas) {
                    withoutLostReplicas = true;
                    LOG.warn(
                            "A command has waited {} s for replicas that are not connected to their master. Now only connected"
                                    + " ones count: if another is made master, the command's effect may be lost with it. Check"
                                    + " INFO replication of every node.",
                            PATIENCE_MILLIS / 1000);
                }
                if (step.ask(false)) {
                    return;
                }
            }
            RedisFailure why = RedisFailure.of(Kind.NOREPLICAS, "replicas do not acknowledge what their masters send");
            parts.report().failed(why);
            parts.abort().pause(parts.retries().failed(why, parts.millis().getAsLong()));
        }
        withoutLostReplicas = false;
        parts.retries().progress();
        parts.report().recovered();
    }

    private void joined(Node node) {
        ConnectionFence.name(node, session);
        try {
            for (LogPartition partition : main.partitions()) {
                main.write(partition, main.written(partition));
            }
        } catch (SessionEndedException e) {
            throw new NotOwner(e);
        }
    }

    private static final class NotOwner extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient SessionEndedException end;

        NotOwner(SessionEndedException end) {
            super(null, null, false, false);
            this.end = end;
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
