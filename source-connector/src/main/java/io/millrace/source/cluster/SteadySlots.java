package io.millrace.source.cluster;

import io.millrace.slot.SlotSet;

/**
 * Which slots one master has had without a break since a scan of it began: only of these it is certain that no key has passed
 * the scan by. Thread-safe.
 */
public final class SteadySlots {

    private final String shard;
    private final String masterId;
    private SlotSet steady;
    private SlotSet served;
    private long epoch;
    private long round;

    /** @param wanted the slots that matter */
    public SteadySlots(Sighting begin, SlotSet wanted) {
        this.shard = begin.shard();
        this.masterId = begin.masterId();
        this.served = begin.slots();
        this.epoch = begin.epoch();
        this.round = begin.round();
        this.steady = wanted.intersect(begin.slots()).minus(begin.moving());
    }

    /** What a shard's master says of itself now. */
    synchronized void saw(Sighting now) {
        if (!now.shard().equals(shard)) {
            return;
        }
        // Whoever gets a slot gets an epoch above its owner's: without a slot that has come, some went and came back.
        boolean unexplained = now.epoch() != epoch && served.containsAll(now.slots());
        if (unexplained || !now.masterId().equals(masterId)) {
            steady = SlotSet.NONE;
        }
        steady = steady.intersect(now.slots()).minus(now.moving());
        served = now.slots();
        epoch = now.epoch();
        round = now.round();
    }

    /** The server has said that a key of the slot is elsewhere. */
    public synchronized void left(int slot) {
        steady = steady.minus(SlotSet.of(slot));
    }

    public synchronized SlotSet slots() {
        return steady;
    }

    /** In which the master was looked at last. */
    public synchronized long round() {
        return round;
    }
}
