package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes the keys that snapshots under way bring, so that at their end the others can be told from them. */
final class GhostWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GhostWatch.class);

    private final PlanSettings settings;
    private final Plan plan;
    private final LogCursor cursor;

    /** Snapshots under way. */
    private final List<SnapshotKeys> noted = new ArrayList<>();

    GhostWatch(PlanSettings settings, Plan plan, LogCursor cursor) {
        this.settings = settings;
        this.plan = plan;
        this.cursor = cursor;
    }

    /** Slots that another shard has claimed are not to be looked through for ghosts. */
    void claimed(Mark claim, Ticket ticket) {
        for (SnapshotKeys snapshot : noted) {
            if (snapshot.isBeside(ticket.logPartition(), claim.origin().shard())) {
                snapshot.giveUp(claim.slots());
            }
        }
    }

    /**
     * From a second snapshot on there may be ghosts; the first finds the destination as its user left it. What was first and
     * what is second is a matter of slots: a slot can come with the snapshot of another shard than before.
     *
     * @param covered the slots of the partition that snapshots before have brought
     */
    void begin(Mark begin, ShardProgress shard, SlotSet covered, Ticket ticket) {
        SnapshotKeys before = take(shard);
        if (before != null) {
            before.abandon();
        }
        SlotSet known = begin.slots() == null ? shard.covered() : begin.slots().intersect(covered);
        if (settings.ghosts().policy() != GhostSettings.Policy.KEEP && !known.isEmpty()) {
            SnapshotKeys keys = new SnapshotKeys(
                    begin.origin().shard(),
                    begin.origin().generation(),
                    begin.slots() == null ? null : known,
                    settings,
                    plan,
                    ticket);
            shard.snapshot(keys);
            noted.add(keys);
        }
    }

    private SnapshotKeys take(ShardProgress shard) {
        SnapshotKeys keys = shard.snapshot();
        shard.snapshot(null);
        noted.remove(keys);
        return keys;
    }

    /** What another shard writes while a snapshot is under way is newer than it, and no ghost. */
    void spare(Change change, int db, Ticket ticket) {
        for (SnapshotKeys snapshot : noted) {
            if (!snapshot.isBeside(ticket.logPartition(), change.origin().shard())) {
                continue;
            }
            if (change instanceof CommandChange command) {
                for (int position : command.command().keys()) {
                    snapshot.add(db, command.command().args()[position]);
                }
            } else if (change.key() != null) {
                snapshot.add(db, change.key());
            }
        }
    }

    /** @param shards how many shards this sink gets changes of */
    void end(Mark end, ShardProgress shard, int shards, Ticket ticket) {
        SnapshotKeys snapshot = take(shard);
        if (snapshot == null) {
            return;
        }
        if (!snapshot.isLimited() && shards > 1) {
            LOG.warn(
                    "Nothing is removed after the snapshot of source shard {}: this sink gets the changes of {} shards, and which"
                            + " of them a key belongs to cannot be told.",
                    end.origin().shard(),
                    shards);
            snapshot.abandon();
            return;
        }
        ticket.hold();
        plan.add(Unit.sweep(cursor.next(), snapshot, snapshot.begin(), ticket));
    }
}
