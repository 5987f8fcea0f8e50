package io.millrace.cli.replay;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a replay is.
 *
 * @param done offsets of the log that are applied
 * @param total offsets that are to be applied
 * @param perSecond over the last seconds
 * @param left time to the end at the present rate
 * @param trouble what keeps it from moving at present
 */
record Advance(long done, long total, long perSecond, Optional<Duration> left, Optional<String> trouble) {
    boolean isComplete() {
        return done >= total;
    }
}
