package io.millrace.cli.migration;

import io.millrace.change.Position;
import io.millrace.cli.migration.Progress.Phase;
import io.millrace.slot.SlotSet;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns readings of both ends, of the log and of the stored position into progress. A reading that is missing leaves the
 * last one in force. Belongs to one thread.
 */
final class ProgressMeter {
    /** The shard of a source that is no cluster. */
    static final String ALONE = "";

    private final TaskTrouble trouble = new TaskTrouble();
    private final Map<String, ShardMeter> shards = new HashMap<>();
    private final LogMarks marks = new LogMarks();
    private final Rate keyRate = new Rate();
    private final Rate byteRate = new Rate();

    private KeyCounter.Reading source = new KeyCounter.Reading(0, -1);
    private KeyCounter.Reading target = new KeyCounter.Reading(0, -1);
    private LogWatch.Reading log = new LogWatch.Reading(0, 0, 0);

    void source(KeyCounter.Reading reading, long millis) {
        source = reading;
        if (reading.masters().isEmpty()) {
            if (reading.replicationOffset() >= 0) {
                shard(ALONE).lag().master(millis, reading.replicationOffset());
            }
            return;
        }
        for (KeyCounter.Master master : reading.masters()) {
            of(master).ifPresent(shard -> shard.lag().master(millis, master.offset()));
        }
    }

    void target(KeyCounter.Reading reading) {
        target = reading;
    }

    /** What Connect has stored as the position of a source that is no cluster. */
    void position(Position stored) {
        position(ALONE, stored);
    }

    /** What Connect has stored as the position of a shard of the source. */
    void position(String shard, Position stored) {
        shard(shard).position(stored);
    }

    /** To be called after {@link #position}, with a reading that was taken after it. */
    void log(LogWatch.Reading reading) {
        log = reading;
        marks.read(reading);
        shards.values().forEach(shard -> shard.log(marks));
    }

    /**
     * True once the whole snapshot of the current generation is at the target. Of a cluster, that of each of its present
     * masters: a shard of which nothing is stored yet has still to be copied, and one that has left is not waited for. Of
     * scans of a cluster, those that together have all slots: a scan goes after its slots to other masters.
     */
    boolean isSnapshotApplied() {
        List<ShardMeter> scans = shards.values().stream()
                .filter(shard -> shard.position() != null && shard.position().isScan())
                .filter(shard -> shard.position().holdings() != null)
                .toList();
        if (!scans.isEmpty()) {
            return scans.stream()
                    .filter(shard -> shard.isSnapshotApplied(marks))
                    .map(shard -> shard.position().holdings().own())
                    .reduce(SlotSet.NONE, SlotSet::union)
                    .equals(SlotSet.ALL);
        }
        return source.masters().isEmpty()
                ? shard(ALONE).isSnapshotApplied(marks)
                : source.masters().stream()
                        .allMatch(master -> of(master)
                                .map(shard -> shard.isSnapshotApplied(marks))
                                .orElse(false));
    }

    boolean isAppliedUpTo(long sourceOffset) {
        return shard(ALONE).lag().appliedOffset() >= sourceOffset;
    }

    /** By shard; those of which nothing is stored are missing. */
    SortedMap<String, Position> positions() {
        SortedMap<String, Position> positions = new TreeMap<>();
        shards.forEach((name, shard) -> {
            if (shard.position() != null) {
                positions.put(name, shard.position());
            }
        });
        return positions;
    }

    private ShardMeter shard(String name) {
        return shards.computeIfAbsent(name, shard -> new ShardMeter());
    }

    /** The shard of a master goes by another name than its node after a failover; the history is the same. */
    private Optional<ShardMeter> of(KeyCounter.Master master) {
        return shards.values().stream()
                .filter(shard ->
                        shard.position() != null && master.has(shard.position().replicationId()))
                .findFirst();
    }

    /** The present shards; empty while that of a master is not known. */
    private List<ShardMeter> present() {
        if (source.masters().isEmpty()) {
            return List.of(shard(ALONE));
        }
        List<ShardMeter> present =
                source.masters().stream().flatMap(master -> of(master).stream()).toList();
        return present.size() == source.masters().size() ? present : List.of();
    }

    /** Of all shards together. */
    private OptionalLong lagBytes() {
        List<ShardMeter> present = present();
        boolean known = !present.isEmpty()
                && present.stream().allMatch(shard -> shard.lag().bytes().isPresent());
        return known
                ? OptionalLong.of(present.stream()
                        .mapToLong(shard -> shard.lag().bytes().orElse(0))
                        .sum())
                : OptionalLong.empty();
    }

    /** Of the shard that is behind most. */
    private Optional<Duration> lagTime(long millis) {
        List<Optional<Duration>> times =
                present().stream().map(shard -> shard.lag().time(millis)).toList();
        return times.stream().allMatch(Optional::isPresent)
                ? times.stream().map(Optional::get).max(Comparator.naturalOrder())
                : Optional.empty();
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
                lagBytes(),
                lagTime(millis),
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
