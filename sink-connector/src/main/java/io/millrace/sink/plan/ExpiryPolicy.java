package io.millrace.sink.plan;

/** Whose clock decides at the destination when a key dies. */
public enum ExpiryPolicy {
    /** The destination's, but for what is applied late. */
    EXACT,
    /** Nobody's: a key dies when its deletion arrives from the source. */
    SOURCE
}
