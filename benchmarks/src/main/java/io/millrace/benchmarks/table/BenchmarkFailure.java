package io.millrace.benchmarks.table;

/** A run that is worth nothing, and why, in a sentence for the user. */
public final class BenchmarkFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchmarkFailure(String sentence) {
        super(sentence);
    }
}
