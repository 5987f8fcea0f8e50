package io.millrace.sizing;

/** Refuses what no machine has. */
final class Require {
    private Require() {}

    static void notNegative(String what, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " cannot be " + value);
        }
    }

    static void positive(String what, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(what + " cannot be " + value + ", more than 0 is needed");
        }
    }
}
