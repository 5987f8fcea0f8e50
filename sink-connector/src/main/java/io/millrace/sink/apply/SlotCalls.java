package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.CommandName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Calls to whichever master has a slot, one after the other, each answered before it returns. What is rejected and can pass
 * later is sent again; so a call must do the same when it is repeated.
 *
 * <p>Belongs to the thread that applies.
 */
abstract class SlotCalls {

    private static final CommandName ASKING = CommandName.of("ASKING");
    private static final CommandName MULTI = CommandName.of("MULTI");
    private static final CommandName EXEC = CommandName.of("EXEC");
    private static final byte[][] NO_ARGS = {};

    private final AbortSignal abort;
    private Address answered;

    SlotCalls(AbortSignal abort) {
        this.abort = abort;
    }

    /** The master of a slot; null while it has none. */
    abstract Address master(int slot);

    /** @throws io.millrace.failure.RedisFailureException when there is no connection to be had */
    abstract Pipeline pipeline(Address address) throws SessionEndedException;

    /** A connection was lost: nobody knows what of the call was done. Returns when the call may be repeated. */
    abstract void lost(Address address, RedisFailure why) throws ApplyAbortedException, SessionEndedException;

    /**
     * Nothing of the call was done. Returns when it is to be repeated.
     *
     * @param moved where the slot lives now, or null
     */
    abstract void rejected(RedisFailure why, Redirect moved) throws ApplyAbortedException, SessionEndedException;

    /** A call was answered. */
    abstract void succeeded();

    /** The node that has answered last. */
    Address answered() {
        return answered;
    }

    /**
     * Each command by itself.
     *
     * @return the replies; an error that is not to be retried as the exception that Jedis makes of it
     */
    List<Object> call(int slot, List<Note> commands) throws ApplyAbortedException, SessionEndedException {
        return repeat(slot, commands, false);
    }

    /** All commands in one MULTI…EXEC; where the server discards it, its reason is the reply to each of them. */
    List<Object> transact(int slot, List<Note> commands) throws ApplyAbortedException, SessionEndedException {
        return repeat(slot, commands, true);
    }

    private List<Object> repeat(int slot, List<Note> commands, boolean together)
            throws ApplyAbortedException, SessionEndedException {
        Address ask = null;
        while (true) {
            abort.check();
            Address target = ask != null ? ask : master(slot);
            if (target == null) {
                rejected(RedisFailure.of(Kind.CLUSTERDOWN, "slot " + slot + " has no master"), null);
                continue;
            }
            List<Object> replies;
            try {
                replies = exchange(pipeline(target), commands, together, ask != null);
            } catch (JedisException | RedisFailureException e) {
                lost(target, FailureClassifier.of(e));
                continue;
            }
            JedisDataException refusal = toRepeat(replies);
            if (refusal == null) {
                succeeded();
                answered = target;
                return replies;
            }
            Redirect redirect = Redirect.parse(refusal.getMessage(), target).orElse(null);
            boolean asked = redirect != null && redirect.ask();
            ask = asked && ask == null ? redirect.target() : null;
            if (ask == null) {
                rejected(FailureClassifier.of(refusal), asked ? null : redirect);
            }
        }
    }

    private static List<Object> exchange(Pipeline pipeline, List<Note> commands, boolean together, boolean asking) {
        if (together) {
            writeAsking(pipeline, asking);
            pipeline.write(MULTI, NO_ARGS);
        }
        for (Note command : commands) {
            writeAsking(pipeline, asking && !together);
            pipeline.write(command.name(), command.args());
        }
        if (together) {
            pipeline.write(EXEC, NO_ARGS);
            readAsking(pipeline, asking);
            pipeline.reply();
        }
        List<Object> replies = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            readAsking(pipeline, asking && !together);
            replies.add(pipeline.reply());
        }
        return together ? executed(replies, pipeline.reply()) : replies;
    }

    private static List<Object> executed(List<Object> queued, Object exec) {
        if (exec instanceof List<?> done) {
            return new ArrayList<>(done);
        }
        for (Object reply : queued) {
            if (reply instanceof JedisDataException) {
                return Collections.nCopies(queued.size(), reply);
            }
        }
        return Collections.nCopies(queued.size(), exec);
    }

    private static void writeAsking(Pipeline pipeline, boolean asking) {
        if (asking) {
            pipeline.write(ASKING, NO_ARGS);
        }
    }

    private static void readAsking(Pipeline pipeline, boolean asking) {
        if (asking) {
            pipeline.reply();
        }
    }

    private static JedisDataException toRepeat(List<Object> replies) {
        for (Object reply : replies) {
            if (reply instanceof JedisDataException refusal) {
                RedisFailure failure = FailureClassifier.of(refusal);
                if (failure.kind().disposition() == Disposition.RETRY) {
                    return refusal;
                }
                if (failure.kind().disposition() == Disposition.FATAL) {
                    throw new SinkFailure("The destination cannot be used. " + failure.sentence());
                }
            }
        }
        return null;
    }
}
