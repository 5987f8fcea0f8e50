package io.millrace.sink.plan;

import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;

/**
 * Which keys the snapshot of one generation has brought, as hashes of the destination's database and the key. What else the
 * destination holds in the slots of the snapshot is a ghost: deleted at the source while nobody listened. Two keys with one hash are taken for one, so
 * that a ghost may be missed once in 2^64, and a live key never is taken for a ghost.
 *
 * <p>The record of the snapshot's beginning stays open until it is over: a sink that begins again reads the snapshot again,
 * and so knows its keys.
 *
 * <p>Belongs to the thread that applies.
 */
final class SnapshotKeys implements KeySweep {

    private final String shard;
    private final int generation;
    private final PlanSettings settings;
    private final Plan plan;
    private final Ticket begin;
    private SlotSet slots;
    private final KeySet keys = new KeySet();

    /** @param slots that ghosts are looked for in; null for all */
    SnapshotKeys(String shard, int generation, SlotSet slots, PlanSettings settings, Plan plan, Ticket begin) {
        this.shard = shard;
        this.generation = generation;
        this.slots = slots;
        this.settings = settings;
        this.plan = plan;
        this.begin = begin;
        begin.hold();
    }

    void add(int db, byte[] key) {
        if (!concerns(key)) {
            return;
        }
        keys.add(KeyHash.of(db, key));
        if (keys.size() > settings.ghosts().maxKeys()) {
            plan.stop("The new snapshot has more keys than resync.ghosts.max.keys ("
                    + settings.ghosts().maxKeys()
                    + ") allows to remember for finding what was deleted meanwhile. Raise it, with 11 to 22 bytes of memory a"
                    + " key at the worker, or set resync.ghosts=keep.");
        }
    }

    /** The snapshot is abandoned: another generation begins. */
    void abandon() {
        begin.release();
    }

    /** The record that the snapshot began with, held since. */
    Ticket begin() {
        return begin;
    }

    /** Whether it is the snapshot of another shard with the same partition: what writes its keys meanwhile is newer. */
    boolean isBeside(LogPartition partition, String otherShard) {
        return begin.logPartition().equals(partition) && !shard.equals(otherShard);
    }

    /** Another shard has claimed these slots: what is in them is not this one's to remove. */
    void giveUp(SlotSet claimed) {
        if (slots != null) {
            slots = slots.minus(claimed);
        }
    }

    boolean isLimited() {
        return slots != null;
    }

    private boolean concerns(byte[] key) {
        return slots == null || slots.contains(HashSlot.of(key));
    }

    /** Whether the source's keys go to this database, whatever its own databases are called. */
    @Override
    public boolean covers(int db) {
        return settings.databases().reaches(db);
    }

    @Override
    public boolean isUnwanted(int db, byte[] key) {
        return concerns(key) && !OwnKeys.contains(key) && !keys.contains(KeyHash.of(db, key));
    }

    @Override
    public boolean takes(int sourceDb, byte[] key) {
        return removes() && isUnwanted(settings.databases().destination(sourceDb), key);
    }

    @Override
    public boolean removes() {
        return settings.ghosts().policy() == GhostSettings.Policy.REMOVE;
    }

    @Override
    public void swept(long found, byte[] example) {
        plan.swept(new Sweep(shard, generation, keys.size(), found, removes(), example));
    }

    @Override
    public String subject() {
        return "the keys that the new snapshot did not bring";
    }

    @Override
    public String alternative() {
        return "To leave them where they are, set resync.ghosts=keep.";
    }

    @Override
    public String toString() {
        return subject() + ", which are others than the " + keys.size() + " keys of generation " + generation
                + " of source shard " + shard;
    }
}
