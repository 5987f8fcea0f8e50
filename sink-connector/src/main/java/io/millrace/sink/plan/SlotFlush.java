package io.millrace.sink.plan;

import io.millrace.change.CommandChange;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FLUSHALL or FLUSHDB of one shard of a cluster: it empties that shard's slots alone, wherever their keys are at the
 * destination. A cluster's keys are in database 0, or in numbered databases with Valkey 9; FLUSHALL empties them in all.
 */
final class SlotFlush implements KeySweep {

    private static final Logger LOG = LoggerFactory.getLogger(SlotFlush.class);

    private final CommandChange flush;
    private final SlotSet slots;
    private final DatabaseMap databases;

    private SlotFlush(CommandChange flush, DatabaseMap databases) {
        this.flush = flush;
        this.slots = flush.slots();
        this.databases = databases;
    }

    /** Null for any other command, and for one that empties all slots. */
    static SlotFlush of(CommandChange change, DatabaseMap databases) {
        SlotSet slots = change.slots();
        if (slots == null
                || slots.size() == HashSlot.COUNT
                || !(isNamed(change, "FLUSHALL") || isNamed(change, "FLUSHDB"))) {
            return null;
        }
        return new SlotFlush(change, databases);
    }

    private static boolean isNamed(CommandChange change, String name) {
        return change.command().name().equalsIgnoreCase(name);
    }

    /** Whether there is nothing that it could remove. */
    boolean isEmpty() {
        return slots.isEmpty();
    }

    @Override
    public boolean covers(int db) {
        return isNamed(flush, "FLUSHALL") ? databases.reaches(db) : databases.destination(flush.db()) == db;
    }

    @Override
    public boolean isUnwanted(int db, byte[] key) {
        return slots.contains(HashSlot.of(key)) && !OwnKeys.contains(key);
    }

    @Override
    public boolean removes() {
        return true;
    }

    @Override
    public boolean takes(int sourceDb, byte[] key) {
        return (isNamed(flush, "FLUSHALL") || sourceDb == flush.db()) && slots.contains(HashSlot.of(key));
    }

    @Override
    public void swept(long found, byte[] example) {
        LOG.info(
                "{} of source shard {} has removed {} keys of {} slots.",
                flush.command().name(),
                flush.origin().shard(),
                found,
                slots.size());
    }

    @Override
    public String subject() {
        return "the keys of the " + slots.size() + " slots that "
                + flush.command().name() + " empties";
    }

    @Override
    public String alternative() {
        return "To leave them where they are, filter FLUSHALL and FLUSHDB.";
    }

    @Override
    public String toString() {
        return subject();
    }
}
