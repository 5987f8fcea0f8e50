package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.Unit;
import java.util.List;
import java.util.Map;

/**
 * A span of applying in which it is known at any time what the destination has: from the connection, the claim of the
 * partitions and the reading of their checkpoints until the first doubt. After it a new session begins, and what the
 * destination's checkpoints say decides where.
 *
 * <p>Belongs to the thread that applies, but for {@link #cut}.
 */
public interface Session extends AutoCloseable {

    /** For each partition that has one, the checkpoint that was found, with its new owner. */
    Map<LogPartition, Checkpoint> checkpoints();

    /** Whether a session before has applied this unit: it is then left out. */
    boolean isApplied(Unit unit);

    /** Whether a change that gives no unit stands before what sessions before have applied. */
    boolean isPast(LogPartition partition, LogPosition position);

    /**
     * Sends a window, or as much of it as goes without waiting; what came of it is heard by {@link #settle}, which comes before
     * anything else is asked of the session. Until then the window stays as it is.
     *
     * @param window in the order of the plan; without barriers, or one barrier alone
     * @param resume where partitions can be read on before this window is done
     * @throws SessionEndedException when it is no longer known what is applied: a new session finds out
     * @throws SinkFailure when the task cannot go on
     */
    void send(List<Unit> window, ResumePoints resume) throws ApplyAbortedException, SessionEndedException;

    /**
     * While a window is on its way: the next one to be sent. What of it can be sent before the outcome of the first is known,
     * and can be taken back then, may be sent now. The windows stay as they are until {@link #send} and {@link #settle}.
     */
    default void announce(List<Unit> next) throws SessionEndedException {}

    /**
     * Returns when all of the window that was sent is done and noted. Records are released as their units are done, also when
     * it ends with an exception, as {@link #send} does.
     */
    void settle() throws ApplyAbortedException, SessionEndedException;

    /**
     * Between windows, about once a second and when the task ends: notes how far reading need not be repeated.
     *
     * @param resume where partitions can be read on, everything applied so far considered
     */
    void note(ResumePoints resume) throws ApplyAbortedException, SessionEndedException;

    /** Ends all connections, so that a wait for a reply ends too. Thread-safe, and for the time after an abort only. */
    void cut();

    @Override
    void close();
}
