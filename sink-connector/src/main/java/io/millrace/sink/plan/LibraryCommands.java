package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Commands that create what must not exist yet. The source has executed them, so nothing was there: with REPLACE they do the
 * same, and they can be applied again.
 */
final class LibraryCommands {

    private static final byte[] REPLACE = ascii("REPLACE");

    private LibraryCommands() {}

    static byte[][] repeatable(String name, byte[][] args) {
        if (name.equals("RESTORE") && args.length >= 3 && !has(args, 3, "REPLACE")) {
            byte[][] replaced = Arrays.copyOf(args, args.length + 1);
            replaced[args.length] = REPLACE;
            return replaced;
        }
        if (name.equals("FUNCTION") && args.length >= 2) {
            if (is(args[0], "LOAD") && !is(args[1], "REPLACE")) {
                byte[][] replaced = new byte[args.length + 1][];
                replaced[0] = args[0];
                replaced[1] = REPLACE;
                System.arraycopy(args, 1, replaced, 2, args.length - 1);
                return replaced;
            }
            if (is(args[0], "RESTORE") && !has(args, 2, "FLUSH") && !has(args, 2, "REPLACE")) {
                return new byte[][] {args[0], args[1], REPLACE};
            }
        }
        return args;
    }

    private static boolean has(byte[][] args, int from, String word) {
        for (int i = from; i < args.length; i++) {
            if (is(args[i], word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(byte[] arg, String word) {
        return arg.length == word.length() && new String(arg, StandardCharsets.ISO_8859_1).equalsIgnoreCase(word);
    }
}
