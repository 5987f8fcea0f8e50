package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.TransactionMark;
import java.util.function.ObjIntConsumer;

/**
 * Divides a MULTI…EXEC of a cluster's shard over the partitions: what has no key concerns several, and a script may write to
 * several slots. In each partition the part that is there counts from 0 and has an end, so that no reader waits for what stands in
 * another. Only the EXEC tells which change is a partition's last: until it comes, one change a partition is held back.
 *
 * <p>Owned by the polling thread.
 */
final class DividedUnit {

    private static final long NONE = -1;

    private final ObjIntConsumer<Change> out;
    private final CommandChange[] held;
    private final int[] counts;
    private long id = NONE;
    private long offset;
    private int db;

    /** @param out takes the changes with their partitions */
    DividedUnit(int partitions, ObjIntConsumer<Change> out) {
        this.out = out;
        this.held = new CommandChange[partitions];
        this.counts = new int[partitions];
    }

    /** Before each change: one that is not of the open unit ends it, as its rest was left out; a new copy throws it away. */
    void before(Change next) {
        if (id == NONE) {
            return;
        }
        if (next instanceof Mark mark) {
            if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
                clear();
            } else if (mark.meaning() != Mark.Meaning.TOPOLOGY) {
                end();
            }
        } else if (!(next instanceof CommandChange command)
                || command.transaction() == null
                || command.transaction().id() != id) {
            end();
        }
    }

    /** A change of the unit in one of its partitions. */
    void put(CommandChange change, int partition) {
        id = change.transaction().id();
        if (held[partition] != null) {
            out.accept(held[partition], partition);
        }
        TransactionMark mark = new TransactionMark(id, counts[partition]++, false);
        held[partition] = change.within(mark);
    }

    /** Behind all that {@link #put} was told of a change; the last one ends the unit. */
    void behind(CommandChange change) {
        offset = change.offset();
        db = change.dbAfter();
        if (change.transaction().last()) {
            end();
        }
    }

    private void end() {
        for (int partition = 0; partition < held.length; partition++) {
            if (held[partition] != null) {
                out.accept(held[partition].asLast(offset, db), partition);
            }
        }
        clear();
    }

    private void clear() {
        id = NONE;
        for (int partition = 0; partition < held.length; partition++) {
            held[partition] = null;
            counts[partition] = 0;
        }
    }
}
