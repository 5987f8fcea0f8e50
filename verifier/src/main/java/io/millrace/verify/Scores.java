package io.millrace.verify;

import java.util.Arrays;
import java.util.List;

/**
 * Scores of sorted sets. Their text differs between versions ({@code 0.1} and {@code 0.10000000000000001} are one double),
 * so they are compared as the doubles that they denote. Zero has one sign: the compact encoding keeps none.
 */
final class Scores {
    private Scores() {}

    static double of(byte[] text) {
        return switch (Printable.text(text)) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(Printable.text(text));
        };
    }

    /** The first index where two replies of members and scores differ, or -1; the shorter one's end counts. */
    static int firstDifference(List<?> left, List<?> right) {
        int common = Math.min(left.size(), right.size());
        for (int i = 0; i < common; i += 2) {
            if (!Arrays.equals((byte[]) left.get(i), (byte[]) right.get(i))
                    || !same((byte[]) left.get(i + 1), (byte[]) right.get(i + 1))) {
                return i;
            }
        }
        return left.size() == right.size() ? -1 : common;
    }

    private static boolean same(byte[] left, byte[] right) {
        return Arrays.equals(left, right) || of(left) == of(right);
    }
}
