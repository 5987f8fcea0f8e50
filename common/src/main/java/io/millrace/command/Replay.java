package io.millrace.command;

/**
 * What happens when a stretch of a stream is applied a second time after it was applied to its end, as at-least-once delivery
 * does after a crash. It is said of commands as a server replicates them, which is only when they changed something.
 */
public enum Replay {
    /**
     * A stretch of such commands leaves the same keyspace: they assign or remove what their arguments name. Where the stretch
     * changes the type of a key, some are answered with WRONGTYPE the second time.
     */
    SAFE,
    /** As SAFE, but the second application is answered with an error (BUSYKEY, BUSYGROUP, an ID that is not greater). */
    REFUSED,
    /**
     * Sets the expiry of a key. As SAFE, except where the key later in the stretch goes by losing its last element and is made
     * again: the second time it does not go in between, and the expiry stays on a value that has none.
     */
    EXPIRY,
    /** The result depends on what was there before, on another key, or on the time: INCR, LPUSH, RENAME, EXPIRE. */
    UNSAFE
}
