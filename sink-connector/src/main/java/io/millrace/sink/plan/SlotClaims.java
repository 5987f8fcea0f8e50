package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which shard of a cluster was the last to claim each slot of one partition. A change of a slot counts only if its shard owns
 * the slot: what a former owner sends again, or removes behind a slot that has gone, may come after the new owner's changes.
 * The rules are in docs/cluster-sources.md. A source that claims nothing, such as a single server, owns everything.
 */
final class SlotClaims {

    private static final String EPOCH = "epoch";

    private String[] owners;
    private long[] epochs;

    /** Takes a mark that claims slots; others change nothing. */
    void take(Mark mark) {
        String epoch = mark.details().get(EPOCH);
        boolean claims = mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN || mark.meaning() == Mark.Meaning.TOPOLOGY;
        if (claims && epoch != null && mark.slots() != null) {
            claim(mark.origin().shard(), mark.slots(), Long.parseLong(epoch));
        }
    }

    private void claim(String shard, SlotSet slots, long epoch) {
        if (owners == null) {
            owners = new String[HashSlot.COUNT];
            epochs = new long[HashSlot.COUNT];
        }
        slots.stream().forEach(slot -> {
            if (owners[slot] == null || epoch >= epochs[slot]) {
                owners[slot] = shard;
                epochs[slot] = epoch;
            }
        });
    }

    /** Whether a change counts. One without a key always does, within its slots. */
    boolean counts(Change change) {
        if (owners == null || change.key() == null) {
            return true;
        }
        String owner = owners[HashSlot.of(change.key())];
        return owner == null || owner.equals(change.origin().shard());
    }

    /** The change, as one that concerns only slots of its shard. */
    CommandChange within(CommandChange change) {
        if (owners == null || change.slots() == null) {
            return change;
        }
        String shard = change.origin().shard();
        SlotSet own =
                SlotSet.of(change.slots().stream().filter(slot -> owners[slot] == null || owners[slot].equals(shard)));
        return own.equals(change.slots()) ? change : change.within(own);
    }

    /** What a shard owns, by epoch. */
    Map<Long, SlotSet> of(String shard) {
        Map<Long, SlotSet> claims = new TreeMap<>();
        if (owners == null) {
            return claims;
        }
        Map<Long, IntStream.Builder> slots = new HashMap<>();
        for (int slot = 0; slot < owners.length; slot++) {
            if (shard.equals(owners[slot])) {
                slots.computeIfAbsent(epochs[slot], epoch -> IntStream.builder())
                        .add(slot);
            }
        }
        slots.forEach((epoch, builder) -> claims.put(epoch, SlotSet.of(builder.build())));
        return claims;
    }

    /** What {@link #of} gave before. */
    void restore(String shard, Map<Long, SlotSet> claims) {
        claims.forEach((epoch, slots) -> claim(shard, slots, epoch));
    }
}
