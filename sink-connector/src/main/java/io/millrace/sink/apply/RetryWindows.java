package io.millrace.sink.apply;

import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import java.time.Duration;

/** How long failures that can pass have lasted without anything being applied, and how long to wait before the next try. */
public final class RetryWindows {

    private static final long FIRST_PAUSE = 10;
    private static final long LONGEST_PAUSE = 1000;
    private static final long LONGEST_PAUSE_CONNECTING = 5000;

    private final ApplySettings settings;
    private long connectionSince = -1;
    private long otherSince = -1;
    private long pause = FIRST_PAUSE;

    public RetryWindows(ApplySettings settings) {
        this.settings = settings;
    }

    void progress() {
        connectionSince = -1;
        otherSince = -1;
        pause = FIRST_PAUSE;
    }

    /**
     * Notes that nothing was applied.
     *
     * @param now in milliseconds, from a clock that never goes back
     * @return milliseconds to wait
     * @throws SinkFailure when it has lasted too long
     */
    public long failed(RedisFailure failure, long now) {
        boolean connecting = isConnection(failure.kind());
        if (failure.kind() == Kind.OOM) {
            connectionSince = -1;
            otherSince = -1;
        } else if (connecting) {
            connectionSince = connectionSince < 0 ? now : connectionSince;
            check(now - connectionSince, settings.connectionWindow(), "retry.connection.ms", failure);
        } else {
            otherSince = otherSince < 0 ? now : otherSince;
            check(now - otherSince, settings.otherWindow(), "retry.other.ms", failure);
        }
        long wait = pause;
        pause = Math.min(pause * 2, connecting ? LONGEST_PAUSE_CONNECTING : LONGEST_PAUSE);
        return wait;
    }

    private static void check(long lasted, Duration window, String setting, RedisFailure failure) {
        if (lasted > window.toMillis()) {
            throw new SinkFailure("Nothing could be applied to the destination for " + window.toMillis() + " ms ("
                    + setting + "). " + failure.sentence());
        }
    }

    /** Failures of a server as a whole, which last as long as an outage or a restart does. */
    static boolean isConnection(Kind kind) {
        return switch (kind) {
            case CONNECTION, TIMEOUT, TOO_MANY_CLIENTS, LOADING, MASTERDOWN, READONLY, CLUSTERDOWN, NO_MASTER -> true;
            default -> false;
        };
    }
}
