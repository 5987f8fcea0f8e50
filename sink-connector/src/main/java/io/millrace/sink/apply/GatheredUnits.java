package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.Unit;
import java.util.HashMap;
import java.util.Map;

/**
 * Commands over several slots, once each in a session on a cluster. Once the outcome of one is noted, it is not executed again,
 * as some of its keys may have been changed already. Replicas know of the note before a key is changed: else a failover could
 * take the note and leave the change.
 *
 * <p>Belongs to the thread that applies.
 */
final class GatheredUnits {

    /** Returns when replicas have everything that was written so far. */
    interface Replicated {
        void await() throws ApplyAbortedException, SessionEndedException;
    }

    private final SlotCalls calls;
    private final Gathering gathering;
    private final CheckpointKeys keys;
    private final Map<LogPartition, LogPosition> noted = new HashMap<>();
    private boolean begun;

    GatheredUnits(SlotCalls calls, ReplyJudge judge, CheckpointKeys keys) {
        this.calls = calls;
        this.gathering = new Gathering(calls, judge);
        this.keys = keys;
    }

    /** Reads, once, what sessions before have left: what was under way goes on, the rest is removed. */
    void begin(Map<LogPartition, Checkpoint> found) throws ApplyAbortedException, SessionEndedException {
        if (begun) {
            return;
        }
        for (Map.Entry<LogPartition, Checkpoint> each : found.entrySet()) {
            Checkpoint checkpoint = each.getValue();
            GatheringNote note = new GatheringNote(calls, keys.gathered(each.getKey()));
            LogPosition position = note.read();
            if (position == null) {
                continue;
            }
            if (checkpoint.resume() == null || !position.isAfter(checkpoint.applied())) {
                note.drop();
            } else {
                noted.put(each.getKey(), position);
            }
        }
        begun = true;
    }

    /** @return whether it was executed, so that its copies are there still; false when it was refused and is left out */
    boolean apply(Unit unit, Replicated replicated) throws ApplyAbortedException, SessionEndedException {
        byte[] base = keys.gathered(unit.partition());
        GatheredCommand command = new GatheredCommand(unit.commands()[0], base);
        if (!unit.position().equals(noted.remove(unit.partition()))) {
            if (!gathering.execute(command, base)) {
                return false;
            }
            new GatheringNote(calls, base).write(command, unit.position());
            replicated.await();
        }
        gathering.carryOut(command);
        return true;
    }

    /** Removes the copies: the main checkpoint is past the command. */
    void drop(Unit unit) throws ApplyAbortedException, SessionEndedException {
        byte[] base = keys.gathered(unit.partition());
        gathering.drop(new GatheredCommand(unit.commands()[0], base), base);
    }
}
