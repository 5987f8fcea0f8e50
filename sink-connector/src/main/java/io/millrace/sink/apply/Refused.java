package io.millrace.sink.apply;

import io.millrace.change.SnapshotEntry;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands of an executed transaction that the destination has refused, when the sink is to stop for them: the rest of
 * the transaction is applied (Redis takes nothing back), so the checkpoint notes them.
 *
 * <p>A unit that nothing after it depends on is tried again by the next sink. For any other it would be too late.
 */
final class Refused {

    private static final int NAMED = 10;

    private final Map<PlannedCommand, SinkFailure> commands = new IdentityHashMap<>();
    private final StringBuilder sentences = new StringBuilder();

    void add(PlannedCommand command, SinkFailure why) {
        commands.put(command, why);
        if (commands.size() == 1) {
            sentences.append(why.getMessage());
        } else if (commands.size() <= NAMED) {
            sentences.append(" Also: ").append(why.getMessage());
        }
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }

    SinkFailure failure() {
        return new SinkFailure(
                commands.size() > NAMED
                        ? sentences + " And " + (commands.size() - NAMED) + " more."
                        : sentences.toString());
    }

    /**
     * The checkpoints that tell of them.
     *
     * @param units of the transaction, in order
     */
    Map<LogPartition, Checkpoint> note(List<Unit> units, Map<LogPartition, Checkpoint> written) {
        Map<LogPartition, Checkpoint> noted = new HashMap<>();
        Set<Long> later = new HashSet<>();
        boolean barrier = false;
        for (int i = units.size() - 1; i >= 0; i--) {
            Unit unit = units.get(i);
            if (isRefused(unit)) {
                Checkpoint checkpoint = noted.getOrDefault(unit.partition(), written.get(unit.partition()));
                if (!barrier && isRepeatable(unit) && isFree(unit, later)) {
                    Set<LogPosition> again = new HashSet<>(checkpoint.again());
                    again.add(unit.position());
                    noted.put(unit.partition(), checkpoint.withAgain(again));
                } else {
                    noted.put(unit.partition(), checkpoint.withRefused(sentences.toString()));
                }
            }
            barrier |= unit.isBarrier();
            for (long key : unit.keys()) {
                later.add(key);
            }
        }
        return noted;
    }

    private boolean isRefused(Unit unit) {
        for (PlannedCommand command : unit.commands()) {
            if (commands.containsKey(command)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRepeatable(Unit unit) {
        return unit.commands().length == 1 || unit.commands()[0].change() instanceof SnapshotEntry;
    }

    private static boolean isFree(Unit unit, Set<Long> later) {
        for (long key : unit.keys()) {
            if (later.contains(key)) {
                return false;
            }
        }
        return true;
    }
}
