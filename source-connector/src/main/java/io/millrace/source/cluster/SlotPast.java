package io.millrace.source.cluster;

import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.util.Arrays;
import java.util.BitSet;

/** How far a shard's stream is in the history of each slot. Owned by the parser's thread. */
final class SlotPast {

    private final long[] seen = new long[HashSlot.COUNT];
    private final long[] epochs = new long[HashSlot.COUNT];
    private final long[] certain = new long[HashSlot.COUNT];
    private final long[] writes = new long[HashSlot.COUNT];
    private final BitSet left = new BitSet(HashSlot.COUNT);

    /** A copy holds what was done with its slots until now. */
    void begin(SlotSet own, long epoch, SlotHistory.View view, String me) {
        left.clear();
        for (Release release : view.releases()) {
            SlotSet over = release.shard().equals(me) ? release.slots() : own.intersect(release.slots());
            over.stream().forEach(slot -> seen[slot] = release.sequence());
        }
        Arrays.fill(writes, 0);
        own.stream().forEach(slot -> {
            epochs[slot] = epoch;
            certain[slot] = 0;
        });
    }

    /** The sequence of the last release of the slot that its present owner's tenure is behind. */
    long seen(int slot) {
        return seen[slot];
    }

    /** The epoch with which the shard claimed the slot last, 0 where this task did not. */
    long epoch(int slot) {
        return epochs[slot];
    }

    /** The slot has passed to the shard, which had it without a break up to the offset. */
    void claimed(int slot, Release last, long epoch, long upTo) {
        if (last != null) {
            seen[slot] = Math.max(seen[slot], last.sequence());
        }
        epochs[slot] = epoch;
        certain[slot] = upTo;
        writes[slot] = 0;
    }

    /** The slot was the shard's without a break up to the offset. */
    void certain(int slot, long upTo) {
        certain[slot] = Math.max(certain[slot], upTo);
    }

    long certain(int slot) {
        return certain[slot];
    }

    boolean isCertain(int slot, long offset) {
        return offset <= certain[slot];
    }

    /** The shard's own release of the slot is behind its stream. */
    void released(int slot, long sequence) {
        seen[slot] = Math.max(seen[slot], sequence);
        left.clear(slot);
        writes[slot] = 0;
    }

    /** The stream itself says that the slots have gone, which the looks at the cluster are yet to show. */
    void left(SlotSet slots) {
        slots.stream().forEach(left::set);
    }

    boolean hasLeft(int slot) {
        return left.get(slot);
    }

    /** A change of a slot that is the shard's was let through. */
    void passed(int slot, long offset, boolean removal) {
        writes[slot] = removal ? 0 : offset;
    }

    /** Whether the last that was done with the slot is behind the offset and no removal, which ends a move key by key. */
    boolean isWrittenBehind(int slot, long offset) {
        return writes[slot] > offset;
    }
}
