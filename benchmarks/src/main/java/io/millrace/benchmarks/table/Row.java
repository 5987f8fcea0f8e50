package io.millrace.benchmarks.table;

import java.util.Optional;

/**
 * One quantity of one work.
 *
 * @param work the work, with what varies in it: {@code sizes 1000}
 * @param ours readings with Millrace
 * @param nativeRate readings with native replication in the same run; null where there is none to compare with
 */
record Row(String work, Metric metric, Samples ours, Samples nativeRate) {

    Optional<Double> ratio() {
        return nativeRate == null || !metric.isRate()
                ? Optional.empty()
                : Optional.of(ours.median() / nativeRate.median());
    }

    Optional<Goal> goal() {
        return Goal.of(work, metric);
    }

    /** What a goal is held against: the ratio of a rate, and the reading of all else; empty for a rate without a yardstick. */
    Optional<Double> judged() {
        return metric.isRate() ? ratio() : Optional.of(ours.median());
    }

    /** How far its goal is reached, 1 being exactly; empty without a goal or a yardstick. */
    Optional<Double> attained() {
        return goal().flatMap(goal -> judged().map(goal::attained));
    }
}
