package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.Incarnation;
import io.millrace.sink.checkpoint.LogPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one sink has claimed, over all of its sessions: by it a later owner is told from a claim that was lost in the
 * destination's failover. Belongs to the thread that applies.
 */
public final class Claims {

    private final Map<LogPartition, Incarnation> held = new HashMap<>();
    private final Set<LogPartition> written = new HashSet<>();

    /** The last owner that this sink has been; null before its first claim. */
    public Incarnation of(LogPartition partition) {
        return held.get(partition);
    }

    /** The claim has been written. */
    public void claimed(LogPartition partition, Incarnation owner) {
        held.put(partition, owner);
    }

    /** Something of the partition is in the destination, or was there before this sink. */
    public void written(LogPartition partition) {
        written.add(partition);
    }

    /**
     * The owner to be, after the one that was found.
     *
     * @throws TakenOverException when that one came after this sink
     * @throws SinkFailure when there is none although this sink has written: the destination was emptied
     */
    public Incarnation next(LogPartition partition, Checkpoint found) {
        check(partition, found.owner());
        Incarnation mine = held.get(partition);
        boolean lost = mine != null
                && (found.owner() == null || mine.epoch() > found.owner().epoch());
        return Incarnation.after(lost ? mine : found.owner());
    }

    /** Whether the owner that was found is this sink's last claim; see {@link #next} for what it throws. */
    public boolean check(LogPartition partition, Incarnation found) {
        Incarnation mine = held.get(partition);
        if (mine == null) {
            return false;
        }
        if (found == null) {
            if (written.contains(partition)) {
                throw new SinkFailure("The destination has been emptied while the sink was at work: the checkpoint of "
                        + partition
                        + " is gone, and what was applied before is gone with it. Rebuild the destination from the log with"
                        + " 'millrace replay --from-start', or let the source begin a new snapshot.");
            }
            return false;
        }
        if (found.equals(mine)) {
            return true;
        }
        if (found.epoch() >= mine.epoch()) {
            throw new TakenOverException(partition, mine, found);
        }
        return false;
    }
}
