package io.millrace.cli.migration;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Numbers the ends that a log of several partitions had at one time after the other, and tells up to which number the sink
 * has applied them: sums would not do, as one partition may be ahead while another is behind. Belongs to one thread.
 */
final class LogMarks {
    private static final int KEPT = 1024;

    private record Mark(long number, Map<Integer, Long> ends) {
        boolean isIn(Map<Integer, Long> committed) {
            return ends.entrySet().stream().allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
        }
    }

    private final Deque<Mark> waiting = new ArrayDeque<>();
    private Mark newest = new Mark(0, Map.of());
    private long applied;

    /** Takes a reading; {@link #newest} and {@link #applied} are of this one from here on. */
    void read(LogWatch.Reading reading) {
        if (!newest.ends.equals(reading.ends())) {
            newest = new Mark(newest.number + 1, Map.copyOf(reading.ends()));
            if (waiting.size() == KEPT) {
                // What it stood for counts as applied with the next one.
                waiting.pollLast();
            }
            waiting.addLast(newest);
        }
        while (!waiting.isEmpty() && waiting.peekFirst().isIn(reading.committed())) {
            applied = waiting.pollFirst().number;
        }
    }

    /** The number of the ends that were read last. */
    long newest() {
        return newest.number;
    }

    /** Ends of this number and all before it are at the target; 0 before any are. */
    long applied() {
        return applied;
    }
}
