package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.endpoint.Topology;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.apply.GuardedTransaction.Answer;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.ResumePoint;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A session on a standalone destination: a window is one transaction over all databases, with the checkpoints of its
 * partitions in it. Where memory is short a window is sent in smaller steps, each with its own checkpoints.
 */
final class StandaloneSession implements Session {

    /** EXEC names the reason for its refusal when none of the queued commands does (multi.c, execCommandAbort). */
    private static final String BECAUSE = "because of: ";

    private static final byte[] UNLINK = "UNLINK".getBytes(StandardCharsets.US_ASCII);

    private final SessionParts parts;
    private final GuardedLink link;
    private final ReplyJudge judge;
    private final Map<LogPartition, Checkpoint> begun;
    /** Null where there are no sentinels. */
    private final MasterWatch watch;
    /** Whether SETs are sent each for itself, since an MSET of several was refused. */
    private boolean apart;

    /** The window that is under way, how far its step goes, and what was sent for it. */
    private Run run;

    private int end;
    private GuardedTransaction transaction;

    /** The next window, and its commands when they have been sent already. */
    private List<Unit> announced;

    private GuardedTransaction opened;

    private ResumePoints points;

    /** @param claimed the checkpoints as they stand in the destination */
    StandaloneSession(
            SessionParts parts, Node node, CheckpointKeys keys, Claims claims, Map<LogPartition, Checkpoint> claimed) {
        this.parts = parts;
        this.link = new GuardedLink(node, keys, claims, claimed);
        this.judge = new ReplyJudge(parts.refused(), ReplyJudge.NOTHING_BEFORE);
        this.begun = Map.copyOf(claimed);
        this.watch = parts.nodes().endpoint().topology() == Topology.SENTINEL
                ? new MasterWatch(parts.nodes(), node.address()).start()
                : null;
    }

    @Override
    public Map<LogPartition, Checkpoint> checkpoints() {
        return begun;
    }

    @Override
    public boolean isApplied(Unit unit) {
        return isPast(unit.partition(), unit.position())
                && !begun.get(unit.partition()).again().contains(unit.position());
    }

    @Override
    public boolean isPast(LogPartition partition, LogPosition position) {
        return !position.isAfter(begun.get(partition).applied());
    }

    @Override
    public void send(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException {
        try {
            if (window.get(0).route() == Unit.Route.SWEEP) {
                sweep(window.get(0));
            }
            run = new Run(window, null);
            points = resume;
            sendStep(announced == window && link.isOpen(opened) ? opened : null);
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        } catch (RedisFailureException e) {
            throw new SessionEndedException(e.failure());
        }
    }

    @Override
    public void announce(List<Unit> next) throws SessionEndedException {
        GuardedTransaction commands = new GuardedTransaction(!apart);
        for (Unit unit : next) {
            if (unit.isBarrier()) {
                return;
            }
            for (PlannedCommand command : unit.commands()) {
                if (!link.isSelectable(command.db())) {
                    return;
                }
                commands.add(command);
            }
        }
        try {
            opened = link.open(commands) ? commands : null;
            announced = next;
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        }
    }

    @Override
    public void settle() throws ApplyAbortedException, SessionEndedException {
        try {
            hear();
            while (!run.isDone()) {
                sendStep(null);
                hear();
            }
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        } catch (RedisFailureException e) {
            throw new SessionEndedException(e.failure());
        } finally {
            for (int i = 0; i < run.done(); i++) {
                for (Ticket ticket : run.units().get(i).tickets()) {
                    ticket.release();
                }
            }
        }
    }

    @Override
    public void note(ResumePoints resume) throws SessionEndedException {
        if (watch != null && watch.isReplaced()) {
            throw new SessionEndedException(
                    RedisFailure.of(Kind.READONLY, link.address() + " is not the sentinels' master any more"));
        }
        Map<LogPartition, Checkpoint> next = new HashMap<>();
        link.written().forEach((partition, checkpoint) -> {
            ResumePoint point = resume.of(partition);
            if (point != null && !point.equals(checkpoint.resume())) {
                next.put(partition, checkpoint.withResume(point));
            }
        });
        if (next.isEmpty()) {
            return;
        }
        try {
            Answer answer = link.exchange(new GuardedTransaction(), next);
            if (answer.executed() instanceof JedisDataException error) {
                RedisFailure failure = FailureClassifier.of(error);
                if (RetryWindows.isConnection(failure.kind())) {
                    throw new SessionEndedException(failure);
                }
            }
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        } catch (RedisFailureException e) {
            throw new SessionEndedException(e.failure());
        }
    }

    /** Ghosts are removed in guarded transactions, too; which are found is read on connections of its own. */
    private void sweep(Unit unit) throws ApplyAbortedException, SessionEndedException {
        try (Nodes nodes = new Nodes(parts.nodes(), parts.settings(), judge)) {
            new GhostSweep(nodes, parts.abort(), parts.retries(), parts.report()::state, parts.millis(), this::unlink)
                    .run(unit.sweep());
        }
    }

    private long unlink(int db, List<byte[]> keys) throws SessionEndedException {
        List<byte[]> command = new ArrayList<>(keys);
        command.add(0, UNLINK);
        GuardedTransaction removal = new GuardedTransaction();
        link.selectable(db);
        removal.add(db, command.toArray(new byte[0][]));
        Answer answer = link.exchange(removal, Map.of());
        Object executed = answer.executed();
        if (executed instanceof JedisDataException refusal) {
            Object reason = answer.queued().stream()
                    .filter(JedisDataException.class::isInstance)
                    .findFirst()
                    .orElse(refusal);
            throw new RedisFailureException(
                    link.address() + " (UNLINK)", FailureClassifier.of((JedisDataException) reason), refusal);
        }
        if (executed instanceof List<?> replies && replies.get(db == 0 ? 0 : 1) instanceof Long removed) {
            return removed;
        }
        throw new SessionEndedException(
                RedisFailure.of(Kind.CONNECTION, "the checkpoints were touched while keys were removed"));
    }

    /**
     * Sends the next step of the window that is under way.
     *
     * @param open its commands, when they have been sent; else null
     */
    private void sendStep(GuardedTransaction open) throws ApplyAbortedException, SessionEndedException {
        parts.abort().check();
        run.beginPass();
        end = run.stepEnd();
        transaction = open == null ? new GuardedTransaction(!apart) : open;
        announced = null;
        CheckpointMoves moves = new CheckpointMoves();
        boolean again = link.written().values().stream()
                .anyMatch(checkpoint -> !checkpoint.again().isEmpty());
        Map<LogPartition, Checkpoint> next = new HashMap<>();
        for (int i = run.done(); i < end; i++) {
            Unit unit = run.units().get(i);
            for (PlannedCommand command : unit.commands()) {
                if (open == null && !run.isRefused(command)) {
                    link.selectable(command.db());
                    transaction.add(command);
                    if (unit.isBarrier()) {
                        moves.follow(command);
                    }
                }
            }
            boolean lastOfSome =
                    i + 1 == end || !run.units().get(i + 1).partition().equals(unit.partition());
            if (lastOfSome || again) {
                Checkpoint before =
                        next.getOrDefault(unit.partition(), link.written().get(unit.partition()));
                next.put(unit.partition(), before.withApplied(unit.position()));
            }
        }
        next.replaceAll((partition, checkpoint) -> {
            ResumePoint point = points.of(partition);
            return point == null ? checkpoint : checkpoint.withResume(point);
        });
        if (moves.isTouched()) {
            link.bringBack(transaction, moves, next);
        }
        link.send(transaction, next);
    }

    /** What came of the step that was sent. */
    private void hear() throws ApplyAbortedException, SessionEndedException {
        Answer answer = link.answer(transaction);
        if (answer.executed() instanceof List<?> replies) {
            executed(replies);
        } else if (answer.executed() instanceof JedisDataException refusal) {
            discarded(answer.queued(), refusal);
        }
        // Else a checkpoint was touched, and is as it was: the same once more.
    }

    private void executed(List<?> replies) {
        parts.retries().progress();
        parts.report().recovered();
        Refused refused = new Refused();
        for (int i = 0; i < replies.size(); i++) {
            PlannedCommand command = transaction.command(i);
            if (command == null) {
                if (replies.get(i) instanceof JedisDataException error) {
                    throw ownRefused(transaction.ownName(i), error);
                }
                continue;
            }
            try {
                RedisFailure pending = judge.judge(command, replies.get(i), false, link.address());
                if (pending != null) {
                    parts.refused().refused(command, link.address(), pending);
                }
            } catch (SinkFailure e) {
                refused.add(command, e);
            }
        }
        if (!refused.isEmpty()) {
            throw stop(refused, run.units().subList(run.done(), end));
        }
        apart &= !run.hasRefused();
        run.advance(end);
    }

    /** What follows a refused command was applied with it; so the next sink must not pass over it in silence. */
    private SinkFailure stop(Refused refused, List<Unit> units) {
        SinkFailure failure = refused.failure();
        try {
            link.exchange(new GuardedTransaction(), refused.note(units, link.written()));
        } catch (SessionEndedException | JedisException | RedisFailureException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private SinkFailure ownRefused(String name, JedisDataException error) {
        return new SinkFailure("The destination " + link.address() + " refused " + name
                + " of a checkpoint, which belongs to every transaction. "
                + FailureClassifier.of(error).sentence());
    }

    /** Nothing was applied. The commands that can never be are taken out; else the step is sent again when it can pass. */
    private void discarded(List<Object> queued, JedisDataException exec)
            throws ApplyAbortedException, SessionEndedException {
        boolean refusedSome = false;
        for (int i = 0; i < queued.size(); i++) {
            if (!(queued.get(i) instanceof JedisDataException refusal)) {
                continue;
            }
            RedisFailure failure = FailureClassifier.of(refusal);
            if (failure.isRetryable()) {
                later(failure);
                return;
            }
            PlannedCommand command = transaction.command(i);
            if (command == null) {
                throw ownRefused(transaction.ownName(i), refusal);
            }
            if (transaction.isMerged(i)) {
                apart = true; // which of them it is, or whether it is MSET itself, the next try says
                return;
            }
            judge.judge(command, refusal, false, link.address());
            run.refuse(command);
            refusedSome = true;
        }
        if (refusedSome) {
            return;
        }
        int because = exec.getMessage().indexOf(BECAUSE);
        RedisFailure failure = because < 0
                ? FailureClassifier.of(exec)
                : FailureClassifier.ofReply(exec.getMessage().substring(because + BECAUSE.length()));
        if (failure.isRetryable()) {
            later(failure);
        } else if (!run.narrow()) {
            for (PlannedCommand command : run.units().get(run.done()).commands()) {
                if (!run.isRefused(command)) {
                    judge.judge(command, exec, false, link.address());
                    run.refuse(command);
                }
            }
        }
    }

    private void later(RedisFailure failure) throws ApplyAbortedException, SessionEndedException {
        if (RetryWindows.isConnection(failure.kind())) {
            throw new SessionEndedException(failure);
        }
        parts.report().failed(failure);
        run.fail(failure);
        if (!run.advanced()) {
            parts.abort().pause(parts.retries().failed(failure, parts.millis().getAsLong()));
        }
    }

    @Override
    public void cut() {
        link.cut();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        cut();
    }
}
