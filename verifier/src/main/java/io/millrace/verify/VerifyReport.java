package io.millrace.verify;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a comparison found.
 *
 * @param sourceKeys live keys of the source by database, as they were scanned, without Millrace's own
 * @param targetKeys the same of the target
 * @param differenceCount all differences
 * @param counts all differences by kind; kinds without any are left out
 * @param differences the first of them in full
 * @param notes what the reader must know about the comparison, each one sentence
 */
public record VerifyReport(
        SortedMap<Integer, Long> sourceKeys,
        SortedMap<Integer, Long> targetKeys,
        long differenceCount,
        Map<Difference.Kind, Long> counts,
        List<Difference> differences,
        List<String> notes,
        Duration elapsed) {

    public VerifyReport {
        sourceKeys = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(sourceKeys));
        targetKeys = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(targetKeys));
        counts = Map.copyOf(counts);
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /** True if every key, value and expiry is the same on both sides. */
    public boolean isEqual() {
        return differenceCount == 0;
    }

    /** Keys of the source that were compared. */
    public long keysCompared() {
        return sum(sourceKeys);
    }

    public long targetKeyCount() {
        return sum(targetKeys);
    }

    /** Every database that has keys on either side. */
    public SortedSet<Integer> databases() {
        SortedSet<Integer> all = new TreeSet<>(sourceKeys.keySet());
        all.addAll(targetKeys.keySet());
        return all;
    }

    /** The report for people, one entry a line. */
    public List<String> lines() {
        return ReportText.lines(this);
    }

    /** The report for programs: one JSON object, keys as {@link Difference#printableKey()} and in hexadecimal. */
    public String json() {
        return ReportJson.of(this);
    }

    private static long sum(Map<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
