package io.millrace.benchmarks.table;

/** A run that is worth nothing, and why, in a sentence for the user. */
final class BenchmarkFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchmarkFailure(String sentence) {
        super(sentence);
    }
}
