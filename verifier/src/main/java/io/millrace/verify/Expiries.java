package io.millrace.verify;

import io.millrace.expiry.DeferredExpiry;
import java.util.List;

/**
 * Reads expiries of one side as absolute times in milliseconds since the epoch. Without PEXPIRETIME an expiry is the
 * server's clock plus what is left, both read back to back on the node of the key; as time may pass between the two, the
 * result can be 1 ms off, more only if the server is interrupted, and then a further look finds the right one. An expiry that
 * a sink has put off counts as the one that it stands for.
 */
final class Expiries {
    static final long NONE = -1;
    static final long NO_KEY = -2;

    private final boolean exact;

    Expiries(Side side) {
        this.exact = side.hasExpireTime();
    }

    boolean isExact() {
        return exact;
    }

    /** Asks for a key's expiry; the number is for {@link #of}. */
    int ask(Pipeline pipeline, byte[] key) {
        if (exact) {
            return pipeline.add(Command.PEXPIRETIME, key);
        }
        pipeline.send(key, Command.TIME);
        return pipeline.add(Command.PTTL, key);
    }

    /** An absolute time, {@link #NONE} or {@link #NO_KEY}. */
    long of(Pipeline pipeline, int number) {
        long value = pipeline.number(number);
        if (exact || value < 0) {
            return DeferredExpiry.exact(value);
        }
        List<?> time = pipeline.list(number - 1);
        return DeferredExpiry.exact(Bytes.number(time.get(0)) * 1000 + Bytes.number(time.get(1)) / 1000 + value);
    }

    /** Whether two expiries are the same, within the tolerance and the precision of both readings. */
    static boolean same(
            long source, Expiries sourceReading, long target, Expiries targetReading, long toleranceMillis) {
        if (source < 0 || target < 0) {
            return source == target;
        }
        long slack = sourceReading.exact && targetReading.exact ? 0 : 1;
        return Math.abs(source - target) <= toleranceMillis + slack;
    }

    static String describe(long expiry) {
        return expiry == NONE ? "no expiry" : "expiry at " + expiry + " (" + instant(expiry) + ")";
    }

    private static String instant(long millis) {
        return java.time.Instant.ofEpochMilli(millis).toString();
    }
}
