package io.millrace.cli.migration;

import java.util.ArrayDeque;
import java.util.Deque;

/** Growth per second of a counter over the last seconds. Belongs to one thread. */
public final class Rate {
    private static final long WINDOW_MILLIS = 5_000;

    private record Point(long millis, long value) {}

    private final Deque<Point> points = new ArrayDeque<>();

    /** Adds a reading and returns the rate; 0 until there are two. A counter that shrinks gives 0. */
    public long update(long millis, long value) {
        points.addLast(new Point(millis, value));
        while (points.size() > 2 && millis - points.peekFirst().millis > WINDOW_MILLIS) {
            points.pollFirst();
        }
        Point first = points.peekFirst();
        long elapsed = millis - first.millis;
        return elapsed <= 0 ? 0 : Math.max(0, (value - first.value) * 1000 / elapsed);
    }
}
