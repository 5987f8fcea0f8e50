package io.millrace.sizing;

/** How changes are put into records, as {@code record.grouping} of the source connector says. */
public enum Grouping {
    SINGLE,
    BATCH
}
