package io.millrace.sink.plan;

/** Arguments of commands as words and numbers, compared without regard to case and without allocation. */
final class Words {

    private Words() {}

    /** @param word ASCII, in upper case */
    static boolean is(byte[] arg, String word) {
        if (arg.length != word.length()) {
            return false;
        }
        for (int i = 0; i < arg.length; i++) {
            int b = arg[i] >= 'a' && arg[i] <= 'z' ? arg[i] - 32 : arg[i];
            if (b != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The non-negative decimal number, or 0 when it is none: the source has taken it as one. */
    static long number(byte[] digits) {
        long value = 0;
        for (byte b : digits) {
            if (b < '0' || b > '9' || value > Integer.MAX_VALUE) {
                return 0;
            }
            value = value * 10 + (b - '0');
        }
        return value;
    }
}
