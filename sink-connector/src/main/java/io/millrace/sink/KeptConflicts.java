package io.millrace.sink;

import io.millrace.change.Mark;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.checkpoint.ShardMark;
import io.millrace.sink.plan.PlanSettings.ConflictPolicy;
import java.util.Locale;
import java.util.Map;

/**
 * A conflict policy that respects keys which are there cannot tell those of others from those that the sink has written
 * itself. So it is for the first snapshot of a shard alone: in the next, the sink's own keys would keep what they had before.
 */
final class KeptConflicts {

    private final ConflictPolicy policy;

    KeptConflicts(ConflictPolicy policy) {
        this.policy = policy;
    }

    /**
     * @param known the shards of which something is at the destination already
     * @throws SinkFailure when a snapshot begins that would leave old values
     */
    void allow(Mark mark, Map<String, ShardMark> known) {
        String shard = mark.origin().shard();
        if (policy == ConflictPolicy.OVERWRITE
                || mark.meaning() != Mark.Meaning.SNAPSHOT_BEGIN
                || !known.containsKey(shard)
                || known.get(shard).generation() == 0) {
            return;
        }
        throw new SinkFailure("The source shard " + shard + " sends another snapshot, of generation "
                + mark.origin().generation() + ", and conflict.policy="
                + policy.name().toLowerCase(Locale.ROOT)
                + " would leave old values in the keys that this sink has written already, since nobody can tell them from"
                + " those of others. Set conflict.policy=overwrite, by which keys of the same name are replaced, and restart"
                + " the task; or empty the destination of what is not to stay and begin anew.");
    }
}
