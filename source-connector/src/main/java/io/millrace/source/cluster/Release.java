package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;

/**
 * A shard was seen to serve slots no longer.
 *
 * @param sequence in which releases were seen, from 1
 * @param shard which gave them up
 * @param offset of the shard's master, read after it had given them up: every change that it made of the slots is before
 * @param epoch of the shard then: the next owner took the slots over with a greater one
 * @param generation of the shard's capture when it was seen, or 0 where this task does not capture the shard
 */
public record Release(long sequence, String shard, SlotSet slots, long offset, long epoch, int generation) {}
