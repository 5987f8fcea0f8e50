package io.millrace.benchmarks.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a contender does, and says how long it took. One thread. */
final class Follow {
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final String MARKER = "benchmark-marker";

    private final Arena arena;
    private final Contender contender;
    private int markers;

    Follow(Arena arena, Contender contender) {
        this.arena = arena;
        this.contender = contender;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** When the source has begun to send its {@code n}th copy, in the time of {@link System#nanoTime}. */
    long copyBegun(long n) throws IOException {
        return when("the source has been asked for a copy", () -> arena.copiesBegun() >= n, LOOK_NANOS);
    }

    /** When the target has so many keys. */
    long keysThere(long keys) throws IOException {
        return when("the target has " + keys + " keys", () -> arena.targetKeys() >= keys, LOOK_NANOS);
    }

    /** Writes a marker, and says when it is at the target, with all that was written before. */
    long markerThere(long lookNanos) throws IOException {
        byte[] value = ("marker " + ++markers).getBytes(StandardCharsets.US_ASCII);
        arena.source().call("SET", MARKER, value);
        return when("the marker is there", () -> Arrays.equals(value, arena.read(MARKER)), lookNanos);
    }

    long markerThere() throws IOException {
        return markerThere(LOOK_NANOS);
    }

    private long when(String what, Condition condition, long lookNanos) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (!condition.holds()) {
            contender.requireAlive();
            if (System.nanoTime() > limit) {
                throw new BenchmarkFailure("It took more than 15 minutes until " + what + "; use fewer --keys.");
            }
            LockSupport.parkNanos(lookNanos);
        }
        return System.nanoTime();
    }
}
