package io.millrace.source;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.source.assemble.ChangeOutput;
import java.time.Duration;
import java.util.Map;

/**
 * Marks in a stream that moves without changes to publish, so that the stored offset keeps up with it: Connect stores
 * offsets with records only. Owned by the parser's thread.
 */
final class Heartbeats implements ChangeOutput {

    /** Bytes without events, at most, that are read once more to follow a failover. */
    private static final long STEP_BACK = 1 << 20;

    private final ChangeOutput out;
    private final long intervalMillis;
    private long lastOffset = Long.MAX_VALUE;
    private long changeOffset;
    private int changeDb;
    private long lastAt;

    /** @param interval zero for no heartbeats */
    Heartbeats(ChangeOutput out, Duration interval) {
        this.out = out;
        this.intervalMillis = interval.toMillis();
    }

    @Override
    public void accept(Change change) throws InterruptedException {
        // What says whose the slots are from here on stands inside of the unit that it is said before.
        if (!(change instanceof Mark mark) || mark.meaning() != Mark.Meaning.TOPOLOGY) {
            passed(change);
        }
        out.accept(change);
    }

    /** A change that is not published: the stream goes on behind it all the same. */
    void passed(Change change) {
        lastOffset = change.offset();
        if (!(change instanceof Mark)) {
            changeOffset = change.offset();
            changeDb = change instanceof CommandChange command ? command.dbAfter() : change.db();
        }
        lastAt = change.origin().capturedAt();
    }

    /**
     * The end of the last unit that was published, or of the last that was read. What stands between the two changes
     * nothing, and a replica that takes over may not have it: PINGs, and what sentinels tell each other. A server that was
     * restarted, on the other hand, can only go on behind all that it had sent, so that this is the second thing to ask for.
     */
    long lastChange(long read) {
        return changeOffset > read || read - changeOffset > STEP_BACK ? read : changeOffset;
    }

    /** The offset of the last change that was published, or where the stream began. */
    long changeOffset() {
        return changeOffset;
    }

    /** The database selected there, if a unit ends there. */
    int changeDb() {
        return changeDb;
    }

    /** The stream goes on from this offset. */
    void begin(Origin origin, long offset, int db) {
        lastOffset = offset;
        changeOffset = offset;
        changeDb = db;
        lastAt = origin.capturedAt();
    }

    /** Puts a mark if the stream has moved since the last change and that is long ago. */
    void beat(Origin now, long unitEnd, int db) throws InterruptedException {
        if (intervalMillis > 0 && unitEnd > lastOffset && now.capturedAt() - lastAt >= intervalMillis) {
            mark(now, unitEnd, db);
        }
    }

    void mark(Origin now, long unitEnd, int db) throws InterruptedException {
        accept(new Mark(now, db, unitEnd, Mark.Meaning.HEARTBEAT, Map.of()));
    }
}
