package io.millrace.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts differences and keeps the first of them. One thread. */
final class Findings {
    private final int kept;
    private final List<Difference> first = new ArrayList<>();
    private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
    private long count;

    Findings(int kept) {
        this.kept = kept;
    }

    void add(Difference difference) {
        count++;
        counts.merge(difference.kind(), 1L, Long::sum);
        if (first.size() < kept) {
            first.add(difference);
        }
    }

    long count() {
        return count;
    }

    List<Difference> first() {
        return first;
    }

    Map<Difference.Kind, Long> counts() {
        return counts;
    }
}
