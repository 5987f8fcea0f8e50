package io.millrace.it.storm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A counter that the workload sets again and again, one key for each shard of the destination, and how far behind the
 * destination shows it: the longest time for which a write that the source had acknowledged was not to be seen. Any thread.
 */
final class Beats {

    /** About half a second of numbers. */
    private static final int MOMENT = 20;

    private final List<String> keys;
    private final List<Long> acknowledged = new ArrayList<>();
    private final long[] seen;
    private long longestStallNanos;

    Beats(StormDestination destination) {
        List<String> found = new ArrayList<>();
        for (int shard = 0; shard < destination.shards(); shard++) {
            int n = 0;
            while (destination.shardOf("beat:" + n) != shard) {
                n++;
            }
            found.add("beat:" + n);
        }
        keys = List.copyOf(found);
        seen = new long[found.size()];
    }

    /** By shard. */
    List<String> keys() {
        return keys;
    }

    /** The number that comes next. */
    synchronized int next() {
        return acknowledged.size();
    }

    /** The source has acknowledged the next number. */
    synchronized void acknowledged() {
        acknowledged.add(System.nanoTime());
    }

    /** What a shard of the destination shows. */
    synchronized void seen(int shard, long number) {
        seen[shard] = number;
        int next = Math.toIntExact(number) + 1;
        if (next < acknowledged.size()) {
            longestStallNanos = Math.max(longestStallNanos, System.nanoTime() - acknowledged.get(next));
        }
    }

    /** Whether every shard shows what the source has acknowledged, but for the last of it. */
    synchronized boolean isCurrent() {
        return Arrays.stream(seen).allMatch(number -> number + MOMENT >= acknowledged.size());
    }

    synchronized long longestStallMillis() {
        return longestStallNanos / 1_000_000;
    }
}
