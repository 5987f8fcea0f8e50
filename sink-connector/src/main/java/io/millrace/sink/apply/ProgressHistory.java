package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.ResumePoint;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * What was applied in the last seconds, all of it with the replicas. A master that loses its power comes back without what
 * its append-only file had not got to the disk, up to two seconds with {@code appendfsync everysec}, and its replicas then
 * follow it. So a main checkpoint is moved a little later than it could be.
 *
 * <p>Belongs to the thread that applies.
 */
final class ProgressHistory {

    /**
     * How far one partition is.
     *
     * @param resume null when the checkpoint's own is to stay
     */
    record Progress(LogPosition applied, ResumePoint resume) {

        Checkpoint in(Checkpoint before) {
            Checkpoint after = before.withApplied(applied);
            return resume == null ? after : after.withResume(resume);
        }
    }

    private record Moment(long millis, Map<LogPartition, Progress> progress) {}

    private final ArrayDeque<Moment> moments = new ArrayDeque<>();

    /** Notes how far all partitions are now. */
    void add(long millis, Map<LogPartition, Progress> progress) {
        moments.add(new Moment(millis, new HashMap<>(progress)));
    }

    /** Whether this was noted last. */
    boolean endsWith(Map<LogPartition, Progress> progress) {
        return !moments.isEmpty() && moments.getLast().progress.equals(progress);
    }

    /** The newest that was noted at this time or before it; null when there is none. What is older is forgotten. */
    Map<LogPartition, Progress> until(long millis) {
        Moment found = null;
        while (!moments.isEmpty() && moments.peek().millis <= millis) {
            found = moments.remove();
        }
        if (found == null) {
            return null;
        }
        moments.addFirst(found);
        return found.progress;
    }

    /** The checkpoints are further than all of it. */
    void clear() {
        moments.clear();
    }
}
