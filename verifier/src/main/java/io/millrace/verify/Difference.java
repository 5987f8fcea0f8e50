package io.millrace.verify;

import java.util.Locale;

/**
 * One key that is not the same on both sides.
 *
 * @param database the database; -1 for a function library, which belongs to the whole server
 * @param key the key, or the library's name
 * @param source what the source has
 * @param target what the target has
 */
public record Difference(int database, byte[] key, Kind kind, String source, String target) {
    /** What differs; a key is reported once, for the first of these that applies. */
    public enum Kind {
        /** Only the source has it. */
        MISSING,
        /** Only the target has it. */
        GHOST,
        TYPE,
        VALUE,
        /** One of them expires and the other does not, or at another time; also of single fields of a hash. */
        EXPIRY,
        /** A function library. */
        FUNCTION;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The key in printable ASCII: see {@link Printable}. */
    public String printableKey() {
        return Printable.of(key);
    }

    /** For example {@code db 0 "a\x00b": value: source has list of 3 elements, target has list of 4 elements}. */
    @Override
    public String toString() {
        return (database < 0 ? "function library " : "db " + database + " ") + printableKey() + ": " + kind.label()
                + ": source has " + source + ", target has " + target;
    }
}
