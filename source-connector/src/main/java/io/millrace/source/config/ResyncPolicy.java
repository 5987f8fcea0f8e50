package io.millrace.source.config;

/** What happens when the source cannot continue from the stored position (setting {@code resync.policy}). */
public enum ResyncPolicy {
    /** A full copy begins, as a new generation. */
    RESYNC,
    /** The task fails. */
    FAIL
}
