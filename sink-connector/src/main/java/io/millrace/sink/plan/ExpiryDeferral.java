package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.expiry.DeferredExpiry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Decides which expiry is written for the one that a change brings.
 *
 * <p>A key's time may pass at the destination while the log still holds what kept it alive at the source: a later expiry,
 * PERSIST, RENAME, a command that took elements from it. A destination that let it die on its own would lose these. So an
 * expiry that is applied late is written in its deferred form; the deletion arrives from the source in its turn, as every
 * expiry is replicated as DEL (db.c, propagateDeletion), and what is left of deferred ones is settled when the sink has
 * caught up.
 *
 * <p>The thread that plans writes; any thread reads the counters.
 */
public final class ExpiryDeferral {

    /** Beyond that age, in milliseconds, a change is applied late. */
    private static final long LATE_MILLIS = 5_000;

    /** An expiry that is further ahead than this, and than four times the lag, is met in time. */
    private static final long FAR_MILLIS = 3_600_000;

    /** A change that was captured within this time, heartbeats included, is taken from the end of the log. */
    private static final long LIVE_MILLIS = 30_000;

    private final ExpiryPolicy policy;
    private final LongSupplier clock;
    private volatile long capturedAt = Long.MIN_VALUE / 2;
    private final LongAdder deferred = new LongAdder();

    /** @param clock milliseconds since the epoch */
    public ExpiryDeferral(ExpiryPolicy policy, LongSupplier clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** The next change to plan. */
    void next(Change change) {
        capturedAt = change.origin().capturedAt();
    }

    /** The expiry to write for this one, in milliseconds since the epoch. */
    long of(long expireAt) {
        if (expireAt == Expiry.NONE || !isAtRisk(expireAt)) {
            return expireAt;
        }
        long written = DeferredExpiry.of(expireAt);
        if (written != expireAt) {
            deferred.increment();
        }
        return written;
    }

    private boolean isAtRisk(long expireAt) {
        if (policy == ExpiryPolicy.SOURCE) {
            return true;
        }
        long now = clock.getAsLong();
        long age = now - capturedAt;
        return expireAt <= now || (age > LATE_MILLIS && expireAt < now + Math.max(FAR_MILLIS, 4 * age));
    }

    /** How many expiries were written in their deferred form. */
    public long deferred() {
        return deferred.sum();
    }

    /** Whether what was planned last was captured just before. */
    public boolean isLive() {
        return clock.getAsLong() - capturedAt < LIVE_MILLIS;
    }

    /**
     * Whether the exact time may take the place of the deferred one while the sink runs: it is not so near that the log could
     * still hold what renews it, or it is so long ago that the source's deletion should have come.
     */
    public boolean mayBeSettled(long expireAt) {
        long now = clock.getAsLong();
        return policy == ExpiryPolicy.EXACT && (expireAt > now + LIVE_MILLIS || expireAt < now - 2 * LIVE_MILLIS);
    }
}
