package io.millrace.cli.migration;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a migration is.
 *
 * @param keysDone keys of the snapshot that are at the target; at most {@code keysTotal} while copying
 * @param keysTotal keys that the source has, expired ones not yet removed included
 * @param bytesDone bytes that went through the log
 * @param bytesTotal an estimate for the whole snapshot, from the bytes and keys so far; empty before it can be made
 * @param keysPerSecond over the last seconds
 * @param bytesPerSecond over the last seconds
 * @param eta time to the end of the copy at the present rate
 * @param lagBytes bytes of the source's replication stream that are not at the target yet; empty before it is known
 * @param lag age of the oldest change that is not at the target yet; zero when there is none
 * @param recordsLeft records in the log that are not applied yet
 * @param trouble what keeps it from moving at present, to be mended by somebody, after which it goes on
 */
public record Progress(
        Phase phase,
        long keysDone,
        long keysTotal,
        long bytesDone,
        OptionalLong bytesTotal,
        long keysPerSecond,
        long bytesPerSecond,
        Optional<Duration> eta,
        OptionalLong lagBytes,
        Optional<Duration> lag,
        long recordsLeft,
        Optional<String> trouble) {

    /** What the migration is doing. */
    public enum Phase {
        /** The connectors start, or the source prepares its snapshot. */
        STARTING("starting"),
        /** The snapshot goes from source to target. */
        SNAPSHOT("copying"),
        /** The snapshot is at the target; changes follow as they happen. */
        STREAM("live"),
        /** The source is stopped; what is in the log is being applied. */
        DRAINING("draining");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
