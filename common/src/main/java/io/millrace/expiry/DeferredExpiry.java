package io.millrace.expiry;

/**
 * An expiry so far ahead that no server acts on it, from which the exact one can be told: the exact time plus 2<sup>46</sup>
 * milliseconds. It goes with the key through RENAME, COPY, MOVE and whatever else carries expiries, as any other would.
 *
 * <p>Times are milliseconds since the epoch. Deferred ones lie in the years 4199 to 4269, which is where nobody's own are
 * expected; those beyond the year 2039 are never deferred, being far ahead already.
 */
public final class DeferredExpiry {

    private static final long DISTANCE = 1L << 46;
    private static final long LATEST = 1L << 41;

    private DeferredExpiry() {}

    /** The deferred form of a time; one that is far ahead already stays as it is, and so does a deferred one. */
    public static long of(long expireAt) {
        return expireAt >= LATEST ? expireAt : Math.max(0, expireAt) + DISTANCE;
    }

    public static boolean isDeferred(long expireAt) {
        return expireAt >= DISTANCE && expireAt < DISTANCE + LATEST;
    }

    /** The time that a deferred one stands for; any other is what it is. */
    public static long exact(long expireAt) {
        return isDeferred(expireAt) ? expireAt - DISTANCE : expireAt;
    }
}
