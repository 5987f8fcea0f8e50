package io.millrace.benchmarks.table;

import java.util.List;
import java.util.Optional;

/**
 * What is to be reached.
 *
 * @param reach for a rate, over that of native replication in the same run; else in the metric's unit
 * @param beyond the same, for what would be better still
 */
record Goal(String work, Metric metric, double reach, double beyond) {
    static final List<Goal> ALL = List.of(
            new Goal("standalone", Metric.FULL_SYNC, 0.60, 0.80),
            new Goal("cluster", Metric.FULL_SYNC, 0.50, 0.70),
            new Goal("single", Metric.FULL_SYNC, 0.40, 0.55),
            new Goal("standalone", Metric.DRAIN, 0.85, 0.95),
            new Goal("standalone", Metric.LAG_P50, 5, 3),
            new Goal("standalone", Metric.LAG_P99, 10, 6),
            new Goal("mixed", Metric.FULL_SYNC, 0.40, 0.60),
            new Goal("standalone", Metric.CPU_WARM, 6, 4),
            new Goal("standalone", Metric.MEMORY, 700, 400));

    static Optional<Goal> of(String work, Metric metric) {
        return ALL.stream()
                .filter(goal -> goal.work.equals(work) && goal.metric == metric)
                .findFirst();
    }

    /** How far it is reached: 1 is exactly, more is better, whichever way the metric counts. */
    double attained(double value) {
        return metric.moreIsBetter() ? value / reach : reach / value;
    }

    boolean isReached(double value) {
        return attained(value) >= 1;
    }
}
