package io.millrace.verify;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Replies as bytes and numbers, and their comparison. */
final class Bytes {
    private Bytes() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }

    /** An integer reply, or a string of digits. */
    static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(Printable.text((byte[]) reply));
    }

    /** Whether two lists of strings, nils and nested lists are the same, element by element. */
    static boolean sameList(List<?> left, List<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean same(Object left, Object right) {
        if (left instanceof byte[] l && right instanceof byte[] r) {
            return Arrays.equals(l, r);
        }
        if (left instanceof List<?> l && right instanceof List<?> r) {
            return sameList(l, r);
        }
        return left == null ? right == null : left.equals(right);
    }

    /** Whether two replies are the same set of groups of {@code width} neighbours: 1 for a set, 2 for a hash. */
    static boolean sameGroups(List<?> left, List<?> right, int width) {
        if (left.size() != right.size()) {
            return false;
        }
        // Servers often return the same order; sorting is for those that do not.
        return sameList(left, right) || sameList(sorted(left, width), sorted(right, width));
    }

    private static List<byte[][]> groups(List<?> flat, int width) {
        byte[][][] groups = new byte[flat.size() / width][width][];
        for (int i = 0; i < flat.size(); i++) {
            groups[i / width][i % width] = (byte[]) flat.get(i);
        }
        Arrays.sort(groups, (a, b) -> Arrays.compareUnsigned(a[0], b[0]));
        return Arrays.asList(groups);
    }

    private static List<Object> sorted(List<?> flat, int width) {
        return groups(flat, width).stream()
                .flatMap(Arrays::stream)
                .map(Object.class::cast)
                .toList();
    }
}
