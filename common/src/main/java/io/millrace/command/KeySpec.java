package io.millrace.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One key specification of COMMAND: where a run of keys begins, and how it goes on (server.h, keySpec).
 *
 * @param flags lower case, as COMMAND has them: RW, not_key, incomplete
 * @param keyword in upper case, or null when the run begins at {@code start}
 * @param start the index in argv, or where the search for the keyword starts (negative: from the end, backwards)
 * @param how how the keys are found from there
 * @param a range: last key relative to the first, negative from the end; keynum: where the count stands
 * @param b range: step; keynum: where the first key stands
 * @param c range: divisor of the rest when it is 2 or more; keynum: step
 */
record KeySpec(Set<String> flags, byte[] keyword, int start, How how, int a, int b, int c) {

    enum How {
        RANGE,
        KEYNUM,
        UNKNOWN
    }

    static KeySpec range(Set<String> flags, byte[] keyword, int start, int last, int step, int limit) {
        return new KeySpec(flags, keyword, start, How.RANGE, last, step, limit);
    }

    static KeySpec keynum(Set<String> flags, byte[] keyword, int start, int at, int first, int step) {
        return new KeySpec(flags, keyword, start, How.KEYNUM, at, first, step);
    }

    static KeySpec unknown(Set<String> flags) {
        return new KeySpec(flags, null, 0, How.UNKNOWN, 0, 0, 0);
    }

    /** Reads {@code flags@begin:find}, as {@code commands.tsv} has it. */
    static KeySpec parse(String text) {
        int at = text.indexOf('@');
        int colon = text.indexOf(':', at);
        Set<String> flags = Set.of(text.substring(0, at).split(","));
        String begin = text.substring(at + 1, colon);
        String find = text.substring(colon + 1);
        if (begin.equals("?") || find.equals("?")) {
            return unknown(flags);
        }
        int greater = begin.indexOf('>');
        byte[] keyword = greater < 0 ? null : Ascii.bytes(begin.substring(0, greater));
        int start = Integer.parseInt(begin.substring(greater + 1));
        int open = find.indexOf('(');
        List<Integer> numbers = new ArrayList<>();
        for (String number : find.substring(open + 1, find.length() - 1).split(",")) {
            numbers.add(Integer.parseInt(number));
        }
        How how = find.startsWith("range") ? How.RANGE : How.KEYNUM;
        return new KeySpec(flags, keyword, start, how, numbers.get(0), numbers.get(1), numbers.get(2));
    }

    /** True when every key of a command is found by this specification. */
    boolean isExact() {
        return how != How.UNKNOWN && !flags.contains("incomplete");
    }

    boolean isKey() {
        return !flags.contains("not_key");
    }

    /** Appends the positions of this run to {@code found}. */
    void find(String command, byte[][] argv, Positions found) {
        int first = begin(argv);
        if (first < 0 || how == How.UNKNOWN) {
            return;
        }
        if (how == How.RANGE) {
            int last = last(argv, first);
            if (last >= argv.length) {
                throw new MalformedCommandException(command + " has " + (argv.length - 1)
                        + " arguments, and a key is expected at argument " + last + ".");
            }
            for (int i = first; i <= last; i += b) {
                found.add(i);
            }
            return;
        }
        int countAt = first + a;
        long count = countAt < argv.length ? Ascii.number(argv[countAt]) : -1;
        if (count < 0) {
            throw new MalformedCommandException(command + " has no number of keys at argument " + countAt + ".");
        }
        int firstKey = first + b;
        if (count > 0 && firstKey + (count - 1) * c >= argv.length) {
            throw new MalformedCommandException(command + " says that it has " + count + " keys, and has only "
                    + (argv.length - 1) + " arguments.");
        }
        for (int i = 0; i < count; i++) {
            found.add(firstKey + i * c);
        }
    }

    private int last(byte[][] argv, int first) {
        if (a >= 0) {
            return first + a;
        }
        return c < 2 ? argv.length + a : first + (argv.length - first) / c + a;
    }

    private int begin(byte[][] argv) {
        if (keyword == null) {
            return start;
        }
        int from = start > 0 ? start : argv.length + start;
        int step = start > 0 ? 1 : -1;
        for (int i = from; i > 0 && i < argv.length; i += step) {
            if (Ascii.equalsIgnoreCase(argv[i], keyword)) {
                return i + 1;
            }
        }
        return -1;
    }

    /** A growing list of int. */
    static final class Positions {

        private int[] values = new int[4];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        int[] ascending() {
            int[] result = Arrays.copyOf(values, size);
            Arrays.sort(result);
            return result;
        }
    }
}
