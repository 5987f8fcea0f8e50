package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Holdings;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Position;
import io.millrace.change.SnapshotEntry;
import io.millrace.source.assemble.ScanAssembler;
import java.util.Map;

/** Follows the changes and knows the position of the last complete unit. Owned by the polling thread. */
final class Units {

    private Position position;
    private Map<String, Object> stored;
    private boolean inSnapshot;
    private Holdings holdings;

    /** @param start where the changes go on, or null when the first change begins a snapshot */
    Units(Position start) {
        this.position = start;
        this.stored = start == null ? null : start.toMap();
        this.holdings = start == null ? null : start.holdings();
        this.inSnapshot = start != null && start.inSnapshot();
    }

    /** The parts of a value are one unit, too: in the stream, a copy of a key stands for one offset. */
    static boolean completes(Change change) {
        if (change instanceof SnapshotEntry entry) {
            return entry.part() == null || entry.part().last();
        }
        return !(change instanceof CommandChange command)
                || command.transaction() == null
                || command.transaction().last();
    }

    /** Whether a Kafka transaction may end with the change that was passed last: in a snapshot with any. */
    boolean mayEndWith(Change last) {
        return inSnapshot || completes(last);
    }

    void pass(Change change) {
        if (change instanceof Mark mark) {
            if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
                inSnapshot = true;
                holdings = mark.slots() == null ? null : Holdings.of(mark.slots());
            } else if (mark.meaning() == Mark.Meaning.SNAPSHOT_END) {
                inSnapshot = false;
            } else if (mark.meaning() == Mark.Meaning.TOPOLOGY) {
                // It stands before a unit, at none's end: only whose the slots are changes.
                holdings = Holdings.fromMap(mark.details());
                if (!inSnapshot) {
                    position = new Position(
                            position.generation(),
                            position.replicationId(),
                            position.offset(),
                            position.db(),
                            false,
                            holdings);
                    stored = null;
                }
                return;
            }
        }
        if (!completes(change)) {
            return;
        }
        Origin origin = change.origin();
        if (inSnapshot && change instanceof Mark mark && mark.details().containsKey(ScanAssembler.CURSOR)) {
            scanned(mark);
            return;
        }
        int db = change instanceof CommandChange command ? command.dbAfter() : change.db();
        if (inSnapshot && position != null && position.inSnapshot() && position.generation() == origin.generation()) {
            return; // every entry of a snapshot stands for the same position
        }
        position = new Position(
                origin.generation(),
                origin.replicationId(),
                change.offset(),
                inSnapshot ? 0 : db,
                inSnapshot,
                holdings);
        stored = null;
    }

    /** A scan can go on from here: its place stands where the offset of a stream does, as it has none. */
    private void scanned(Mark mark) {
        Origin origin = mark.origin();
        long cursor = Long.parseUnsignedLong(mark.details().get(ScanAssembler.CURSOR));
        if (holdings != null) {
            holdings = Holdings.fromMap(mark.details());
        }
        // A cursor of 64 bits, which a proxy may give, has no room: the database is scanned from its beginning.
        position = new Position(
                origin.generation(), origin.replicationId(), Math.max(0, cursor), mark.db(), true, holdings);
        stored = null;
    }

    /** Where to continue from when everything so far is published, as Connect stores it. */
    Map<String, Object> stored() {
        if (stored == null) {
            stored = position.toMap();
        }
        return stored;
    }

    Position position() {
        return position;
    }

    /** The shard's slots as of the change that was passed last; null for a standalone source. */
    Holdings holdings() {
        return holdings;
    }

    int generation() {
        return position.generation();
    }

    /** The offset that the source may hear of; a snapshot has none before its end. */
    long acknowledgeable() {
        return position.inSnapshot() ? 0 : position.offset();
    }
}
