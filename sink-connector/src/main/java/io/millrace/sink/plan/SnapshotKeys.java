package io.millrace.sink.plan;

import java.nio.charset.StandardCharsets;

/**
 * Which keys the snapshot of one generation has brought, as hashes of the destination's database and the key. What else the
 * destination holds is a ghost: deleted at the source while nobody listened. Two keys with one hash are taken for one, so
 * that a ghost may be missed once in 2^64, and a live key never is taken for a ghost.
 *
 * <p>The record of the snapshot's beginning stays open until it is over: a sink that begins again reads the snapshot again,
 * and so knows its keys.
 *
 * <p>Belongs to the thread that applies.
 */
public final class SnapshotKeys {

    /** What Millrace writes for itself begins like this. */
    private static final byte[] OWN = "__millrace:".getBytes(StandardCharsets.US_ASCII);

    private final String shard;
    private final int generation;
    private final PlanSettings settings;
    private final Plan plan;
    private final Ticket begin;
    private final KeySet keys = new KeySet();

    SnapshotKeys(String shard, int generation, PlanSettings settings, Plan plan, Ticket begin) {
        this.shard = shard;
        this.generation = generation;
        this.settings = settings;
        this.plan = plan;
        this.begin = begin;
        begin.hold();
    }

    void add(int db, byte[] key) {
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

    /** Whether the source's keys go to this database, whatever its own databases are called. */
    public boolean covers(int db) {
        return settings.databases().reaches(db);
    }

    /** Whether a key of the destination came with the snapshot, or is none of the source's. */
    public boolean isWanted(int db, byte[] key) {
        return isOwn(key) || keys.contains(KeyHash.of(db, key));
    }

    /** @param sourceDb the source's number of the database */
    public boolean hasBrought(int sourceDb, byte[] key) {
        return keys.contains(KeyHash.of(settings.databases().destination(sourceDb), key));
    }

    private static boolean isOwn(byte[] key) {
        if (key.length < OWN.length) {
            return false;
        }
        for (int i = 0; i < OWN.length; i++) {
            if (key[i] != OWN[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether ghosts are removed, and not only counted. */
    public boolean removes() {
        return settings.ghosts().policy() == GhostSettings.Policy.REMOVE;
    }

    /**
     * Every master was looked through.
     *
     * @param found ghosts that were there
     * @param example one of them, or null
     */
    public void swept(long found, byte[] example) {
        plan.swept(new Sweep(shard, generation, keys.size(), found, removes(), example));
    }

    @Override
    public String toString() {
        return keys.size() + " keys of generation " + generation + " of source shard " + shard;
    }
}
