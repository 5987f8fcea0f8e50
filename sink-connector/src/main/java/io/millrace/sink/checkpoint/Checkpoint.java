package io.millrace.sink.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The main checkpoint of one partition: a hash in database 0 of the destination. Fields that are not known are left alone, so
 * that a newer version's hash can be read.
 *
 * @param owner the last session that has claimed the partition
 * @param fenced ids of earlier owners whose connections may still be open; for a cluster only
 * @param applied the last unit that is applied, {@link LogPosition#NONE} before the first; on a cluster each slot has its own
 * @param resume where to read on; null when nothing has been applied yet
 * @param again units that were refused when the sink stopped, although those after them are applied: they are tried again
 * @param refused what keeps the sink from going on until somebody decides, as a sentence; null usually
 */
public record Checkpoint(
        Incarnation owner,
        List<String> fenced,
        LogPosition applied,
        ResumePoint resume,
        Set<LogPosition> again,
        String refused) {

    public static final String OWNER = "owner";
    public static final String APPLIED = "applied";

    private static final String VERSION = "version";
    private static final String CURRENT = "1";
    private static final String FENCED = "fenced";
    private static final String RESUME = "resume";
    private static final String BEFORE = "before";
    private static final String AGAIN = "again";
    private static final String REFUSED = "refused";
    private static final String SHARD = "shard:";

    public Checkpoint {
        fenced = List.copyOf(fenced);
        again = Set.copyOf(again);
    }

    /** That of a partition nobody has claimed. */
    public static Checkpoint none() {
        return new Checkpoint(null, List.of(), LogPosition.NONE, null, Set.of(), null);
    }

    public Checkpoint withOwner(Incarnation next) {
        return new Checkpoint(next, fenced, applied, resume, again, refused);
    }

    public Checkpoint withFenced(List<String> ids) {
        return new Checkpoint(owner, ids, applied, resume, again, refused);
    }

    /** The unit at the position is applied now; one that was tried again does not move it. */
    public Checkpoint withApplied(LogPosition position) {
        if (again.contains(position)) {
            Set<LogPosition> left = new HashSet<>(again);
            left.remove(position);
            return withAgain(left);
        }
        return new Checkpoint(owner, fenced, position, resume, again, refused);
    }

    public Checkpoint withResume(ResumePoint point) {
        return new Checkpoint(owner, fenced, applied, point, again, refused);
    }

    public Checkpoint withAgain(Set<LogPosition> units) {
        return new Checkpoint(owner, fenced, applied, resume, units, refused);
    }

    public Checkpoint withRefused(String sentence) {
        return new Checkpoint(owner, fenced, applied, resume, again, sentence);
    }

    /** The fields of the hash in their order; {@link #parse} reads them. Fields without a value are left out. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(VERSION, CURRENT);
        if (owner != null) {
            fields.put(OWNER, owner.toString());
        }
        fields.put(FENCED, String.join(" ", fenced));
        fields.put(APPLIED, applied.toString());
        fields.put(AGAIN, again.stream().sorted().map(LogPosition::toString).collect(Collectors.joining(" ")));
        if (resume != null) {
            fields.put(RESUME, Long.toString(resume.offset()));
            fields.put(
                    BEFORE,
                    resume.before() == ResumePoint.UNKNOWN ? "" : (resume.offset() - 1) + " " + resume.before());
            resume.shards().forEach((name, mark) -> fields.put(SHARD + name, mark.toString()));
        }
        if (refused != null) {
            fields.put(REFUSED, refused);
        }
        return fields;
    }

    /**
     * @param fields of the hash; none when the key is not there
     * @throws IllegalArgumentException when a field is not what this class writes
     */
    public static Checkpoint parse(Map<String, String> fields) {
        String owner = fields.get(OWNER);
        String applied = fields.get(APPLIED);
        String resume = fields.get(RESUME);
        String fenced = fields.getOrDefault(FENCED, "");
        String again = fields.getOrDefault(AGAIN, "");
        Map<String, ShardMark> shards = new HashMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(SHARD)) {
                shards.put(name.substring(SHARD.length()), ShardMark.parse(value));
            }
        });
        return new Checkpoint(
                owner == null ? null : Incarnation.parse(owner),
                fenced.isEmpty() ? List.of() : new ArrayList<>(List.of(fenced.split(" "))),
                applied == null ? LogPosition.NONE : LogPosition.parse(applied),
                resume == null
                        ? null
                        : new ResumePoint(
                                number(resume), shards, before(number(resume), fields.getOrDefault(BEFORE, ""))),
                again.isEmpty()
                        ? Set.of()
                        : Stream.of(again.split(" ")).map(LogPosition::parse).collect(Collectors.toSet()),
                fields.get(REFUSED));
    }

    /** An earlier version moves {@code resume} and leaves this alone: it counts with its own offset only. */
    private static long before(long resume, String text) {
        int space = text.indexOf(' ');
        return space > 0 && number(text.substring(0, space)) == resume - 1
                ? number(text.substring(space + 1))
                : ResumePoint.UNKNOWN;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not an offset", e);
        }
    }
}
