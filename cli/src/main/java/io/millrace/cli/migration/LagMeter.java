package io.millrace.cli.migration;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far the target is behind, from outside of the connectors: in bytes of the replication stream, and in time. It stays
 * right when nothing is written, because it compares positions and no time stamps of changes. Belongs to one thread.
 *
 * <p>What Connect has stored as the source's position at one moment is in the log below the end that the log has a moment
 * later. Once the sink has committed that end, everything up to that position is at the target.
 */
final class LagMeter {
    private static final int KEPT = 4096;

    private record Stored(long sourceOffset, long logEnd) {}

    private record Seen(long millis, long masterOffset) {}

    private final Deque<Stored> stored = new ArrayDeque<>();
    private final Deque<Seen> seen = new ArrayDeque<>();
    private long applied = -1;
    private long newestMaster = -1;

    /** The position that Connect had stored, and the log's end, read after it. */
    void stored(long sourceOffset, long logEnd) {
        Stored last = stored.peekLast();
        if (last == null || last.sourceOffset != sourceOffset) {
            stored.addLast(new Stored(sourceOffset, logEnd));
            trim(stored);
        }
    }

    /** Where the sink's committed offset is. */
    void committed(long logOffset) {
        while (!stored.isEmpty() && stored.peekFirst().logEnd <= logOffset) {
            applied = stored.pollFirst().sourceOffset;
        }
        forgetApplied();
    }

    /** The source's own replication offset at this time. */
    void master(long millis, long masterOffset) {
        newestMaster = masterOffset;
        Seen last = seen.peekLast();
        if (last == null || last.masterOffset != masterOffset) {
            seen.addLast(new Seen(millis, masterOffset));
            trim(seen);
        }
        forgetApplied();
    }

    private void forgetApplied() {
        while (!seen.isEmpty() && seen.peekFirst().masterOffset <= applied) {
            seen.pollFirst();
        }
    }

    /** A new generation counts offsets anew. */
    void restart() {
        stored.clear();
        seen.clear();
        applied = -1;
        newestMaster = -1;
    }

    /** The source offset up to which everything is at the target; -1 before it is known. */
    long appliedOffset() {
        return applied;
    }

    OptionalLong bytes() {
        return applied < 0 || newestMaster < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, newestMaster - applied));
    }

    /** Since when the source has had something that the target has not. */
    Optional<Duration> time(long nowMillis) {
        if (applied < 0) {
            return Optional.empty();
        }
        return Optional.of(
                seen.isEmpty() ? Duration.ZERO : Duration.ofMillis(Math.max(0, nowMillis - seen.peekFirst().millis)));
    }

    /** Drops the oldest but one: the oldest says since when, and losing its neighbour only makes the figure coarser. */
    private static <T> void trim(Deque<T> samples) {
        if (samples.size() > KEPT) {
            T oldest = samples.pollFirst();
            samples.pollFirst();
            samples.addFirst(oldest);
        }
    }
}
