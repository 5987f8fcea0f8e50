package io.millrace.verify;

import java.util.List;

/** Expiries of hash fields, as HPEXPIRETIME gives them: absolute milliseconds, -1 without one, -2 without such a field. */
final class FieldExpiries {
    private static final byte[] FIELDS = Bytes.ascii("FIELDS");

    private FieldExpiries() {}

    /** What follows the key: {@code FIELDS n field...}. */
    static byte[][] arguments(byte[][] fields) {
        byte[][] arguments = new byte[fields.length + 2][];
        arguments[0] = FIELDS;
        arguments[1] = Bytes.ascii(fields.length);
        System.arraycopy(fields, 0, arguments, 2, fields.length);
        return arguments;
    }

    /** The number of the first field whose expiries differ, or -1. A reply is nil when the key is gone. */
    static int firstDifference(Object source, Object target, long toleranceMillis) {
        if (source == null || target == null) {
            return source == target ? -1 : 0;
        }
        List<?> left = (List<?>) source;
        List<?> right = (List<?>) target;
        for (int i = 0; i < left.size(); i++) {
            long l = (Long) left.get(i);
            long r = (Long) right.get(i);
            if ((l < 0 || r < 0) ? l != r : Math.abs(l - r) > toleranceMillis) {
                return i;
            }
        }
        return -1;
    }

    static String describe(Object reply, int at) {
        return reply == null ? "no such key" : Expiries.describe((Long) ((List<?>) reply).get(at));
    }
}
