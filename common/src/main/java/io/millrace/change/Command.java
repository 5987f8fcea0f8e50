package io.millrace.change;

import java.util.Arrays;
import java.util.Objects;

/**
 * A command with its arguments as bytes.
 *
 * @param name the name in upper case; bytes above 0x7F are carried as ISO 8859-1, so that every name survives
 * @param args the arguments after the name; a subcommand is the first of them
 * @param keys positions in {@code args} of the keys, from 0, ascending
 */
public record Command(String name, byte[][] args, int[] keys) {

    private static final int[] NO_KEYS = {};

    public Command {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(args, "args");
        keys = keys == null || keys.length == 0 ? NO_KEYS : keys;
    }

    /** The first key, or null when the command names none. */
    public byte[] firstKey() {
        return keys.length == 0 ? null : args[keys[0]];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Command that
                && name.equals(that.name)
                && Arrays.deepEquals(args, that.args)
                && Arrays.equals(keys, that.keys);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + Arrays.deepHashCode(args)) + Arrays.hashCode(keys);
    }

    /** The name and the number of arguments; never their content, which is the user's data. */
    @Override
    public String toString() {
        return name + " with " + args.length + " arguments";
    }
}
