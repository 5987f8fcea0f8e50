package io.millrace.cli.migration;

import io.millrace.change.Position;
import io.millrace.cli.migration.Progress.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Turns readings of both ends, of the log and of the stored position into progress. A reading that is missing leaves the
 * last one in force. Belongs to one thread.
 */
final class ProgressMeter {
    private final TaskTrouble trouble = new TaskTrouble();
    private final LagMeter lag = new LagMeter();
    private final Rate keyRate = new Rate();
    private final Rate byteRate = new Rate();

    private KeyCounter.Reading source = new KeyCounter.Reading(0, -1);
    private KeyCounter.Reading target = new KeyCounter.Reading(0, -1);
    private LogWatch.Reading log = new LogWatch.Reading(0, 0, 0);
    private Position position;
    private long snapshotEnd = -1;

    void source(KeyCounter.Reading reading, long millis) {
        source = reading;
        if (reading.replicationOffset() >= 0) {
            lag.master(millis, reading.replicationOffset());
        }
    }

    void target(KeyCounter.Reading reading) {
        target = reading;
    }

    /** What Connect has stored as the source's position. */
    void position(Position stored) {
        if (position != null && stored.generation() != position.generation()) {
            snapshotEnd = -1;
            lag.restart();
        }
        position = stored;
    }

    /** To be called after {@link #position}, with a reading that was taken after it. */
    void log(LogWatch.Reading reading) {
        log = reading;
        if (position != null && !position.inSnapshot()) {
            if (snapshotEnd < 0) {
                snapshotEnd = reading.end();
            }
            lag.stored(position.offset(), reading.end());
        }
        lag.committed(reading.applied());
    }

    /** True once the whole snapshot of the current generation is at the target. */
    boolean isSnapshotApplied() {
        return snapshotEnd >= 0 && log.applied() >= snapshotEnd;
    }

    boolean isAppliedUpTo(long sourceOffset) {
        return lag.appliedOffset() >= sourceOffset;
    }

    Optional<Position> position() {
        return Optional.ofNullable(position);
    }

    LogWatch.Reading log() {
        return log;
    }

    Progress progress(long millis, boolean draining) {
        Phase phase = phase(draining);
        long bytes = log.end() == 0 ? 0 : Math.round((double) log.bytes() / log.end() * log.applied());
        long keys = phase == Phase.SNAPSHOT ? Math.min(target.keys(), source.keys()) : target.keys();
        long keysPerSecond = keyRate.update(millis, keys);
        long bytesPerSecond = byteRate.update(millis, bytes);
        OptionalLong bytesTotal = keys == 0 || source.keys() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.round((double) bytes / keys * Math.max(keys, source.keys())));
        Optional<Duration> eta = phase == Phase.SNAPSHOT && keysPerSecond > 0
                ? Optional.of(Duration.ofSeconds((source.keys() - keys) / keysPerSecond))
                : Optional.empty();
        return new Progress(
                phase,
                keys,
                source.keys(),
                bytes,
                bytesTotal,
                keysPerSecond,
                bytesPerSecond,
                eta,
                lag.bytes(),
                lag.time(millis),
                log.left(),
                trouble.read());
    }

    private Phase phase(boolean draining) {
        if (draining) {
            return Phase.DRAINING;
        }
        if (isSnapshotApplied()) {
            return Phase.STREAM;
        }
        return log.end() == 0 ? Phase.STARTING : Phase.SNAPSHOT;
    }
}
