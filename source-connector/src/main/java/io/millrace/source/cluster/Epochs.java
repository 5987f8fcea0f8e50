package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Epochs at which a shard had its slots, each greater than that of any owner before and less than that of the next. Whoever
 * takes a slot over has it, with a greater epoch, a moment before the former owner hears of it, which may by then have got a
 * still greater one for other slots: so of a slot that is on its way, what was seen before it set out counts. Immutable.
 */
record Epochs(Map<Long, SlotSet> slots) {

    static final Epochs NONE = new Epochs(Map.of());

    /** What they are when this was seen. */
    Epochs after(Sighting sighting) {
        SlotSet moving = sighting.slots().intersect(sighting.moving());
        Map<Long, SlotSet> now = new LinkedHashMap<>();
        now.put(sighting.epoch(), sighting.slots().minus(moving));
        SlotSet left = moving;
        for (Map.Entry<Long, SlotSet> known : slots.entrySet()) {
            SlotSet kept = left.intersect(known.getValue());
            if (!kept.isEmpty()) {
                now.merge(known.getKey(), kept, SlotSet::union);
                left = left.minus(kept);
            }
        }
        if (!left.isEmpty()) {
            now.merge(sighting.epoch(), left, SlotSet::union);
        }
        return new Epochs(now);
    }

    /** The epoch at which the shard had the slot, or 0. */
    long of(int slot) {
        for (Map.Entry<Long, SlotSet> each : slots.entrySet()) {
            if (each.getValue().contains(slot)) {
                return each.getKey();
            }
        }
        return 0;
    }
}
