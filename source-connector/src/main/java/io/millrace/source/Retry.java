package io.millrace.source;

import io.millrace.source.config.RetrySettings;
import java.time.Duration;

/**
 * When to try again, and when no more: waits grow from a tenth of a second to ten seconds, within a window for failures of
 * the connection and another for all else. Owned by the parser's thread.
 */
final class Retry {

    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 10_000;
    private static final long NONE = Long.MIN_VALUE;

    private final RetrySettings settings;
    private long since = NONE;
    private long wait = FIRST_MILLIS;

    Retry(RetrySettings settings) {
        this.settings = settings;
    }

    /**
     * Milliseconds to wait before the next attempt, or -1 when the window is over.
     *
     * @param connection whether the connection failed, rather than something on it
     * @param nowMillis a clock that never goes back
     */
    long next(boolean connection, long nowMillis) {
        if (since == NONE) {
            since = nowMillis;
        }
        long left = window(connection).toMillis() - (nowMillis - since);
        if (left <= 0) {
            return -1;
        }
        long now = Math.min(wait, left);
        wait = Math.min(wait * 2, LONGEST_MILLIS);
        return now;
    }

    Duration window(boolean connection) {
        return connection ? settings.connection() : settings.other();
    }

    /** The stream runs: the next failure is the first again. */
    void succeeded() {
        since = NONE;
        wait = FIRST_MILLIS;
    }
}
