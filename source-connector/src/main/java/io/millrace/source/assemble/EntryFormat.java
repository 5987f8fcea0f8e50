package io.millrace.source.assemble;

/** In which form a snapshot carries values (setting {@code entry.format}). */
public enum EntryFormat {
    /** As DUMP payloads. */
    DUMP,
    /** In typed form; a module's value, which has none, as its payload. */
    TYPED,
    /** Both. */
    BOTH
}
