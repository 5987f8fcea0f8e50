package io.millrace.source.config;

/** Which of the servers behind sentinels, or of a cluster's shard in a scan, is read from (setting {@code read.from}). */
public enum ReadFrom {
    /** The master alone. */
    MASTER,
    /** A replica; without one that is well, it is waited for. */
    REPLICA,
    /** A replica, or the master while there is none. */
    PREFER_REPLICA
}
