package io.millrace.command;

/** How a command with several keys can be divided so that its parts together do exactly what it does. */
public enum Split {
    /** Not at all: its keys depend on each other. */
    NONE,
    /** By key: DEL a b is DEL a and DEL b. */
    PER_KEY,
    /**
     * By key and value: MSET. A replicated MSETNX has succeeded, as a failed one is not replicated; its parts are those of the
     * MSET with the same arguments.
     */
    PER_PAIR,
    /** By key and value after their count, with the options that follow: MSETEX. */
    PER_COUNTED_PAIR
}
