package io.millrace.source.spool;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When the bytes that wait have arrived: to the millisecond for a parser that keeps up, and to a second for one that does
 * not, so that an outage of hours takes little memory. Guarded by the spool's lock.
 */
final class Arrivals {

    private static final long TOGETHER_MILLIS = 1_000;

    private static final class Stretch {
        private long end;
        private final long first;
        private long last;

        private Stretch(long end, long now) {
            this.end = end;
            this.first = now;
            this.last = now;
        }
    }

    private final Deque<Stretch> stretches = new ArrayDeque<>();

    /** The bytes up to {@code end}, counted from the beginning, are there. */
    void add(long end, long nowMillis) {
        Stretch last = stretches.peekLast();
        if (last != null && nowMillis - last.first < TOGETHER_MILLIS) {
            last.end = end;
            last.last = nowMillis;
        } else {
            stretches.add(new Stretch(end, nowMillis));
        }
    }

    /** When the byte behind {@code taken} has arrived; it has. Forgets what lies before. */
    long of(long taken) {
        Stretch first = stretches.getFirst();
        while (first.end <= taken) {
            stretches.removeFirst();
            first = stretches.getFirst();
        }
        return first.last;
    }
}
