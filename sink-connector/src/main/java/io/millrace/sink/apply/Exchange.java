package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.Redirect;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.plan.CommandName;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/** One step of a run on the wire: what is sent for it, and what its replies mean. */
final class Exchange {

    private static final CommandName ASKING = CommandName.of("ASKING");
    private static final CommandName MULTI = CommandName.of("MULTI");
    private static final CommandName EXEC = CommandName.of("EXEC");
    private static final CommandName SELECT = CommandName.of("SELECT");
    private static final byte[][] NO_ARGS = {};

    /** EXEC names the reason for its refusal when none of the queued commands does (multi.c, execCommandAbort). */
    private static final String BECAUSE = "because of: ";

    private final Run run;
    private final int end;
    private final boolean asking;
    private final boolean transaction;

    /** The commands in the order sent; null stands for a SELECT between them. */
    private final List<PlannedCommand> commands = new ArrayList<>(1);

    /** For each of them the index of its unit in the run. */
    private final List<Integer> unitOf;

    private final List<Integer> databases;
    private final List<Note> notes;
    private final long bytes;

    Exchange(Run run, boolean asking) {
        this.run = run;
        this.asking = asking;
        this.end = run.stepEnd();
        List<Integer> origins = new ArrayList<>(1);
        List<Integer> selected = null;
        long sum = 64;
        int db = run.db();
        for (int i = run.done(); i < end; i++) {
            Unit unit = run.units().get(i);
            sum += unit.bytes();
            for (PlannedCommand command : unit.commands()) {
                if (run.isRefused(command)) {
                    continue;
                }
                if (command.db() != db) {
                    db = command.db();
                    selected = select(selected, db, origins, i);
                }
                commands.add(command);
                origins.add(i);
            }
        }
        if (db != run.db()) {
            selected = select(selected, run.db(), origins, end - 1);
        }
        this.unitOf = origins;
        this.databases = selected;
        this.bytes = sum;
        this.notes = commands.isEmpty() ? List.of() : run.notes();
        this.transaction = commands.size() + notes.size() > 1;
    }

    private List<Integer> select(List<Integer> selected, int db, List<Integer> origins, int unit) {
        List<Integer> databaseNumbers = selected == null ? new ArrayList<>() : selected;
        databaseNumbers.add(db);
        commands.add(null);
        origins.add(unit);
        return databaseNumbers;
    }

    Run run() {
        return run;
    }

    long bytes() {
        return bytes;
    }

    /** The databases that it selects on its way. */
    List<Integer> databases() {
        return databases == null ? List.of() : databases;
    }

    int commandCount() {
        return commands.size() + notes.size() + (transaction ? 2 : 0);
    }

    void write(Pipeline pipeline) {
        if (asking) {
            pipeline.write(ASKING, NO_ARGS);
        }
        if (transaction) {
            pipeline.write(MULTI, NO_ARGS);
        }
        int nextDatabase = 0;
        for (PlannedCommand command : commands) {
            if (command == null) {
                pipeline.write(
                        SELECT, Integer.toString(databases.get(nextDatabase++)).getBytes(StandardCharsets.US_ASCII));
            } else {
                pipeline.write(command.name(), command.args());
            }
        }
        for (Note note : notes) {
            pipeline.write(note.name(), note.args());
        }
        if (transaction) {
            pipeline.write(EXEC, NO_ARGS);
        }
    }

    /** Reads all of its replies and tells the run what came of it. */
    void read(Pipeline pipeline, ReplyJudge judge) {
        if (asking && pipeline.reply() instanceof JedisDataException refusal) {
            fail(FailureClassifier.of(refusal), refusal, pipeline.address());
        }
        if (commands.isEmpty()) {
            run.advance(end);
        } else if (transaction) {
            readTransaction(pipeline, judge);
        } else {
            Object reply = pipeline.reply();
            RedisFailure pending = judge.judge(commands.get(0), reply, run.isResent(), pipeline.address());
            if (pending == null) {
                run.advance(end);
            } else {
                fail(pending, (JedisDataException) reply, pipeline.address());
            }
        }
    }

    private void readTransaction(Pipeline pipeline, ReplyJudge judge) {
        Object begun = pipeline.reply();
        int count = commands.size() + notes.size();
        List<Object> queued = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            queued.add(pipeline.reply());
        }
        Object executed = pipeline.reply();
        if (begun instanceof JedisDataException refusal) {
            throw new SinkFailure("The destination " + pipeline.address() + " refused MULTI. "
                    + FailureClassifier.of(refusal).sentence());
        }
        if (executed instanceof List<?> replies) {
            executed(replies, judge, pipeline.address());
        } else if (executed instanceof JedisDataException refusal) {
            discarded(queued, refusal, judge, pipeline.address());
        } else {
            throw new SinkFailure("The destination " + pipeline.address()
                    + " did not execute a transaction that watches nothing. Check that it is Redis or Valkey.");
        }
    }

    private void executed(List<?> replies, ReplyJudge judge, Address node) {
        if (!notes.isEmpty()) {
            executedAndNoted(replies, judge, node);
            return;
        }
        for (int i = 0; i < commands.size(); i++) {
            PlannedCommand command = commands.get(i);
            RedisFailure pending = command == null ? null : judge.judge(command, replies.get(i), run.isResent(), node);
            if (pending != null) {
                run.repeatFrom(unitOf.get(i), pending);
                return;
            }
        }
        run.advance(end);
    }

    /** All of it is applied, but for what was refused, and will not be sent again. */
    private void executedAndNoted(List<?> replies, ReplyJudge judge, Address node) {
        for (int i = commands.size(); i < replies.size(); i++) {
            if (replies.get(i) instanceof JedisDataException refusal) {
                throw notNoted(refusal, node);
            }
        }
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            PlannedCommand command = commands.get(i);
            if (command == null) {
                continue;
            }
            try {
                RedisFailure pending = judge.judge(command, replies.get(i), run.isResent(), node);
                if (pending != null) {
                    judge.refuse(command, node, pending);
                }
            } catch (SinkFailure e) {
                refused.add(e.getMessage());
            }
        }
        if (!refused.isEmpty()) {
            throw new AppliedRefusal(run.units().get(end - 1).partition(), String.join(" Also: ", refused));
        }
        run.advance(end);
    }

    private static SinkFailure notNoted(JedisDataException refusal, Address node) {
        return new SinkFailure("The destination " + node
                + " does not take the sink's checkpoint, a key that begins with __millrace:checkpoint:. "
                + FailureClassifier.of(refusal).sentence());
    }

    /** Nothing was applied. The commands that can never be are taken out; else the step is sent again when it can pass. */
    private void discarded(List<Object> queued, JedisDataException exec, ReplyJudge judge, Address node) {
        boolean refusedSome = false;
        for (int i = 0; i < queued.size(); i++) {
            if (!(queued.get(i) instanceof JedisDataException refusal)) {
                continue;
            }
            RedisFailure failure = FailureClassifier.of(refusal);
            if (failure.kind().disposition() == Disposition.RETRY) {
                fail(failure, refusal, node);
                return;
            }
            if (i >= commands.size()) {
                throw notNoted(refusal, node);
            }
            PlannedCommand command = commands.get(i);
            if (command != null) {
                judge.judge(command, refusal, run.isResent(), node);
                run.refuse(command);
                refusedSome = true;
            }
        }
        if (refusedSome) {
            run.progress();
            return;
        }
        String message = exec.getMessage();
        int because = message.indexOf(BECAUSE);
        RedisFailure failure = because < 0
                ? FailureClassifier.of(exec)
                : FailureClassifier.ofReply(message.substring(because + BECAUSE.length()));
        if (failure.kind().disposition() == Disposition.RETRY) {
            fail(failure, exec, node);
        } else if (!run.narrow()) {
            for (PlannedCommand command : commands) {
                if (command != null) {
                    judge.judge(command, exec, run.isResent(), node);
                    run.refuse(command);
                }
            }
            run.progress();
        }
    }

    private void fail(RedisFailure failure, JedisDataException reply, Address node) {
        run.fail(failure);
        if (failure.kind() == Kind.ASK) {
            Redirect.parse(reply.getMessage(), node).ifPresent(redirect -> run.askAt(redirect.target()));
        } else if (failure.kind() == Kind.MOVED) {
            Redirect.parse(reply.getMessage(), node).ifPresent(run::moved);
        }
    }
}
