package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;

/**
 * A shard was seen to serve slots no longer.
 *
 * @param sequence in which releases were seen, from 1
 * @param shard which gave them up
 * @param held an offset of the shard's master at which the slots were still its own for certain; 0 where that was not seen
 * @param offset of the shard's master, read after it had given them up: every change that it made of the slots is before
 * @param returning slots of which it said then that they are on their way back to it
 * @param epoch of the shard while the slots were its own, as it was seen last: greater than that of any owner before, and
 *     less than that with which the next owner took them over; 0 where that was not seen
 * @param generation of the shard's capture when it was seen, or 0 where this task does not capture the shard
 */
public record Release(
        long sequence,
        String shard,
        SlotSet slots,
        long held,
        long offset,
        SlotSet returning,
        long epoch,
        int generation) {

    /** This release of the other slots. */
    Release without(int slot) {
        SlotSet one = SlotSet.of(slot);
        return new Release(sequence, shard, slots.minus(one), held, offset, returning.minus(one), epoch, generation);
    }
}
