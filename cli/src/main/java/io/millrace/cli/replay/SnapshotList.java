package io.millrace.cli.replay;

import io.millrace.codec.SnapshotHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The complete snapshots of one partition, as its marks come in order. Belongs to one thread. */
final class SnapshotList {
    private record Begun(int generation, long offset) {}

    private final List<Snapshot> complete = new ArrayList<>();
    private final Map<String, Begun> begun = new HashMap<>();
    private boolean unmatched;

    /** A begin without an end was abandoned, by a source that lost its link in the middle. */
    void add(SnapshotHeader mark, long offset) {
        if (mark.begins()) {
            begun.put(mark.shard(), new Begun(mark.generation(), offset));
            return;
        }
        Begun begin = begun.get(mark.shard());
        if (begin != null && begin.generation() == mark.generation()) {
            complete.add(new Snapshot(mark.shard(), mark.generation(), begin.offset(), offset));
        } else {
            unmatched = true;
        }
    }

    List<Snapshot> complete() {
        return List.copyOf(complete);
    }

    /** How many shards have marks here. */
    int shards() {
        return begun.size();
    }

    /**
     * Whether a log that was read from its very first record is complete in itself: every shard in it has a complete snapshot,
     * or nothing says where snapshots are, because a transform has removed the headers.
     */
    boolean isWholeLog() {
        boolean unmarked = begun.isEmpty() && !unmatched;
        return unmarked
                || (!unmatched
                        && complete.stream().map(Snapshot::shard).distinct().count() == begun.size());
    }

    /** The newest one that ends before this offset. */
    Optional<Snapshot> newestBefore(long end) {
        for (int i = complete.size() - 1; i >= 0; i--) {
            if (complete.get(i).end() < end) {
                return Optional.of(complete.get(i));
            }
        }
        return Optional.empty();
    }

    boolean beginsAt(long offset) {
        return complete.stream().anyMatch(snapshot -> snapshot.begin() == offset);
    }
}
