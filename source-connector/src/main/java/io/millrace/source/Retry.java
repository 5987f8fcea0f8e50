package io.millrace.source;

import io.millrace.source.assemble.BrokenStreamException;
import io.millrace.source.assemble.TooLargeException;
import io.millrace.source.config.RetrySettings;
import io.millrace.source.link.LinkException;
import java.io.IOException;
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

    /**
     * Milliseconds to wait after a failure.
     *
     * @throws IOException the failure, when another attempt can only end the same, or one that says that the window is over
     */
    long after(IOException e, long nowMillis) throws IOException {
        if (isFinal(e)) {
            throw e;
        }
        boolean connection = isConnection(e);
        long millis = next(connection, nowMillis);
        if (millis < 0) {
            throw new SourceFailure(e.getMessage() + " Tried for "
                    + window(connection).toSeconds() + " s ("
                    + (connection ? "retry.connection.ms" : "retry.other.ms")
                    + "); restart the task when it is mended.");
        }
        return millis;
    }

    private static boolean isFinal(IOException e) {
        return e instanceof SourceFailure
                || e instanceof BrokenStreamException
                || e instanceof TooLargeException
                || (e instanceof LinkException known && !known.retriable());
    }

    /** Which of the two windows counts. */
    private static boolean isConnection(IOException e) {
        return e instanceof LinkException
                && !(e instanceof LinkException.Malformed)
                && !(e instanceof LinkException.NoCredentials);
    }
}
