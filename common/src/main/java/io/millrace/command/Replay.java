package io.millrace.command;

/** What happens when a stretch of a stream is applied a second time after it was applied to its end. */
public enum Replay {
    /** A stretch of such commands leaves the same keyspace: they assign or remove what their arguments name. */
    SAFE,
    /** As SAFE, but the second application is answered with an error (BUSYKEY, BUSYGROUP, an ID that is not greater). */
    REFUSED,
    /** The result depends on what was there before, on another key, or on the time: INCR, LPUSH, RENAME, EXPIRE. */
    UNSAFE
}
