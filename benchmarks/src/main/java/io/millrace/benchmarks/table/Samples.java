package io.millrace.benchmarks.table;

import java.util.Arrays;

/** Readings of one quantity, sorted; at least one. Immutable. */
final class Samples {
    private final double[] sorted;

    private Samples(double[] sorted) {
        this.sorted = sorted;
    }

    static Samples of(double... readings) {
        if (readings.length == 0) {
            throw new IllegalArgumentException("no readings");
        }
        double[] sorted = readings.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    int count() {
        return sorted.length;
    }

    /** The middle one; the mean of the middle two where their number is even. */
    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest reading that this share of all readings does not exceed (nearest rank). */
    double percentile(double percent) {
        if (percent <= 0 || percent > 100) {
            throw new IllegalArgumentException("a percentile lies above 0 and up to 100, not at " + percent);
        }
        return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
    }

    double min() {
        return sorted[0];
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    /** How far the readings lie apart, as a share of the median; 0 for a single one. */
    double spread() {
        return median() == 0 ? 0 : (max() - min()) / median();
    }
}
