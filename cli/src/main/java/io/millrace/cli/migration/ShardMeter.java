package io.millrace.cli.migration;

import io.millrace.change.Position;

/** How far one shard of the source is, from its stored position and the log. Belongs to one thread. */
final class ShardMeter {
    private final LagMeter lag = new LagMeter();
    private Position position;
    private long snapshotEnd = -1;

    /** What Connect has stored. */
    void position(Position stored) {
        if (position != null && stored.generation() != position.generation()) {
            snapshotEnd = -1;
            lag.restart();
        }
        position = stored;
    }

    Position position() {
        return position;
    }

    /** To be called after {@link #position}, with a reading of the log that was taken after it. */
    void log(LogMarks marks) {
        if (position != null && !position.inSnapshot()) {
            if (snapshotEnd < 0) {
                snapshotEnd = marks.newest();
            }
            lag.stored(position.offset(), marks.newest());
        }
        lag.committed(marks.applied());
    }

    /** True once the whole snapshot of the current generation is at the target. */
    boolean isSnapshotApplied(LogMarks marks) {
        return snapshotEnd >= 0 && marks.applied() >= snapshotEnd;
    }

    LagMeter lag() {
        return lag;
    }
}
