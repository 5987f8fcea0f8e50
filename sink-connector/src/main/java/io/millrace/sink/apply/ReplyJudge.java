package io.millrace.sink.apply;

import io.millrace.change.CommandChange;
import io.millrace.command.Command;
import io.millrace.command.CommandTable;
import io.millrace.command.Replay;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.ReplyRule;
import redis.clients.jedis.exceptions.JedisDataException;

/** Decides for every reply whether its command is done, refused, or to be tried again. */
final class ReplyJudge {

    /** For effectively-once: what was applied before is not sent again, and an error is an error. */
    static final long NOTHING_BEFORE = Long.MIN_VALUE;

    private static final RedisFailure KEY_IS_THERE =
            RedisFailure.of(Kind.BUSYKEY, "conflict.policy=fail, and the destination has the key");

    private final RefusedCommands refused;
    private final long startedAt;

    /**
     * @param startedAt when this task began, in milliseconds since the epoch: records older than that may have been applied
     *     by the task before it; {@link #NOTHING_BEFORE} where that cannot be
     */
    ReplyJudge(RefusedCommands refused, long startedAt) {
        this.refused = refused;
        this.startedAt = startedAt;
    }

    /**
     * @param resent whether the command may have been applied before, on a connection that was lost
     * @return null when the command is done, refused commands included; else why it is to be sent again
     * @throws SinkFailure when nothing will help
     */
    RedisFailure judge(PlannedCommand command, Object reply, boolean resent, Address node) {
        if (!(reply instanceof JedisDataException error)) {
            if (command.rule() != ReplyRule.PLAIN) {
                judgeZero(command, reply, node);
            }
            return null;
        }
        RedisFailure failure = FailureClassifier.of(error);
        Disposition disposition = failure.kind().disposition();
        if (disposition == Disposition.RETRY) {
            return failure;
        }
        if (disposition == Disposition.RECORD
                && (isWanted(command, failure)
                        || isOfEveryShard(command, failure)
                        || ((resent || isFromBefore(command)) && isRepetition(command, failure)))) {
            refused.skipped(command, failure);
            return null;
        }
        refused.refused(command, node, failure);
        return null;
    }

    /** A command that failed and cannot be sent again. */
    void refuse(PlannedCommand command, Address node, RedisFailure failure) {
        refused.refused(command, node, failure);
    }

    private boolean isFromBefore(PlannedCommand command) {
        long at = command.ticket().timestamp();
        return at >= 0 && at < startedAt;
    }

    private void judgeZero(PlannedCommand command, Object reply, Address node) {
        boolean zero = reply instanceof Long number && number == 0;
        if (zero && command.rule() == ReplyRule.SKIP_ZERO) {
            refused.skipped(command, KEY_IS_THERE);
        } else if (zero && command.rule() == ReplyRule.REFUSE_ZERO) {
            refused.refused(command, node, KEY_IS_THERE);
        }
    }

    private static boolean isWanted(PlannedCommand command, RedisFailure failure) {
        return switch (command.rule()) {
            case PLAIN -> false;
            case SKIP_BUSY_KEY -> failure.kind() == Kind.BUSYKEY;
            case SKIP_ZERO, REFUSE_ZERO -> failure.detail().startsWith("ERR no such key");
            case SKIP_OLD_ID -> isOldId(failure);
        };
    }

    /** What is done to all shards of a source cluster comes once from each, into every partition: all but one find it done. */
    private static boolean isOfEveryShard(PlannedCommand command, RedisFailure failure) {
        return command.name().text().equals("FUNCTION")
                && command.change() instanceof CommandChange change
                && change.slots() != null
                && isGone(failure);
    }

    private static boolean isGone(RedisFailure failure) {
        return failure.detail().startsWith("ERR Library not found");
    }

    /** Errors that a second application gives where the first one succeeded. */
    private static boolean isRepetition(PlannedCommand command, RedisFailure failure) {
        if (!(command.change() instanceof CommandChange)) {
            return false;
        }
        if (command.name().text().equals("RENAME") || command.name().text().equals("RENAMENX")) {
            return failure.detail().startsWith("ERR no such key");
        }
        if (command.name().text().equals("FUNCTION")) {
            return isGone(failure);
        }
        byte[][] argv = new byte[command.args().length + 1][];
        argv[0] = command.name().bytes();
        System.arraycopy(command.args(), 0, argv, 1, command.args().length);
        Command known = CommandTable.standard().find(argv);
        return known != null
                && known.replay(argv) == Replay.REFUSED
                && (failure.kind() == Kind.BUSYKEY || failure.kind() == Kind.BUSYGROUP || isOldId(failure));
    }

    private static boolean isOldId(RedisFailure failure) {
        return failure.detail().startsWith("ERR The ID specified in XADD is equal or smaller")
                || failure.detail().startsWith("ERR The ID specified in XSETID is smaller");
    }
}
