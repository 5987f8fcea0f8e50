package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Holdings;
import io.millrace.change.Mark;
import io.millrace.change.Position;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotPartitions;
import io.millrace.slot.SlotSet;
import io.millrace.source.assemble.ChangeSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of one shard of a cluster, spread over the partitions by slot. A change without a key goes to every partition
 * that it concerns, each time with the slots there.
 *
 * <p>Connect stores positions in the order in which records are returned, whatever their partition. While several batches
 * are open no record can say more than what was complete before all of them; so the records of a poll carry the position
 * before it, and the last one the position behind it. Owned by the polling thread.
 */
final class SlotRecords implements Grouping {

    /** What will be one record. */
    private record Draft(int partition, List<Change> changes, boolean endsUnit) {}

    private final String topic;
    private final Lane lane;
    private final SlotPartitions partitions;
    private final int maxChanges;
    private final int maxBytes;
    private final boolean single;
    private final Units units;
    private final ChangeCodec codec = new ChangeCodec();
    private final OpenRun[] open;
    private final DividedUnit unit;
    private final List<Draft> drafts = new ArrayList<>();

    /** The position that the next record may carry: everything up to it is in records that were returned. */
    private Position settled;

    private Map<String, Object> settledMap;

    /** What is still to be stored beside the positions, or null. */
    private Lane.Note note;

    SlotRecords(String topic, Lane lane, SlotPartitions partitions, Publisher.Style style) {
        this.topic = topic;
        this.lane = lane;
        this.partitions = partitions;
        this.single = !(style instanceof Publisher.Style.Batch);
        this.maxChanges = style instanceof Publisher.Style.Batch batch ? batch.maxChanges() : 1;
        this.maxBytes = style instanceof Publisher.Style.Batch batch ? batch.maxBytes() : 0;
        this.units = new Units(lane.start());
        this.settled = lane.start();
        this.settledMap = settled == null ? null : settled.toMap();
        this.open = new OpenRun[partitions.count()];
        this.unit = new DividedUnit(partitions.count(), (change, partition) -> put(partition, change));
        this.note = lane.note();
    }

    @Override
    public void add(Change change, List<TrackedRecord> records) {
        unit.before(change);
        units.pass(change);
        if (settled == null) {
            settled = units.position();
            settledMap = units.stored();
        }
        if (change instanceof Mark mark) {
            mark(mark);
        } else if (change instanceof CommandChange command) {
            command(command);
        } else if (change.key() != null) {
            put(partitions.of(HashSlot.of(change.key())), change);
        } else {
            SlotSet concerned = own();
            for (int p = 0; p < partitions.count(); p++) {
                if (concerned.intersects(partitions.slots(p))) {
                    put(p, change);
                }
            }
        }
    }

    private SlotSet own() {
        Holdings holdings = units.holdings();
        return holdings == null ? SlotSet.ALL : holdings.own();
    }

    private void command(CommandChange change) {
        byte[] key = change.key();
        if (key != null) {
            command(partitions.of(HashSlot.of(key)), change);
        } else {
            SlotSet concerned = change.slots() == null ? own() : change.slots();
            for (int p = 0; p < partitions.count(); p++) {
                SlotSet here = concerned.intersect(partitions.slots(p));
                if (!here.isEmpty()) {
                    command(p, change.within(here));
                }
            }
        }
        if (change.transaction() != null) {
            unit.behind(change);
        }
    }

    private void command(int partition, CommandChange change) {
        if (change.transaction() == null) {
            put(partition, change);
        } else {
            unit.put(change, partition);
        }
    }

    private void mark(Mark mark) {
        boolean everywhere = switch (mark.meaning()) {
            case SNAPSHOT_BEGIN, SNAPSHOT_END, GAP -> true;
            case HEARTBEAT, TOPOLOGY -> false;
        };
        SlotSet concerned = mark.slots() == null ? own() : mark.slots();
        // A shard without a slot has a heartbeat, too: it carries the position along.
        boolean nowhere = concerned.isEmpty() && mark.meaning() == Mark.Meaning.HEARTBEAT;
        for (int p = 0; p < partitions.count(); p++) {
            SlotSet here = concerned.intersect(partitions.slots(p));
            if (everywhere || !here.isEmpty() || (nowhere && p == 0)) {
                put(p, mark.within(here));
            }
        }
    }

    private void put(int partition, Change change) {
        OpenRun run = open[partition];
        if (run == null) {
            run = new OpenRun(partition);
            open[partition] = run;
        }
        run.add(change);
    }

    @Override
    public void settle(List<TrackedRecord> records) {
        for (OpenRun run : open) {
            if (run != null) {
                run.closeWhole();
            }
        }
        Map<Integer, Integer> lastWhole = new HashMap<>();
        for (int i = 0; i < drafts.size(); i++) {
            if (drafts.get(i).endsUnit()) {
                lastWhole.put(drafts.get(i).partition(), i);
            }
        }
        List<Draft> whole = new ArrayList<>(drafts.size());
        List<Draft> torn = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            (i <= lastWhole.getOrDefault(draft.partition(), -1) ? whole : torn).add(draft);
        }
        drafts.clear();
        for (int i = 0; i < whole.size(); i++) {
            if (i == whole.size() - 1) {
                settled = units.position();
                settledMap = units.stored();
            }
            records.add(record(whole.get(i), true));
        }
        if (note != null && !whole.isEmpty() && !settled.inSnapshot()) {
            records.add(noteBehind(whole.get(whole.size() - 1)));
            note = null;
        }
        for (Draft draft : torn) {
            records.add(record(draft, false));
        }
    }

    /** Connect stores offsets with records only, so that the note goes with a heartbeat of its own. */
    private TrackedRecord noteBehind(Draft draft) {
        Change last = draft.changes().get(draft.changes().size() - 1);
        Mark beat = new Mark(last.origin(), last.db(), last.offset(), Mark.Meaning.HEARTBEAT, Map.of(), SlotSet.NONE);
        return record(
                new Draft(draft.partition(), List.of(beat), true), true, note.sourcePartition(), note.sourceOffset());
    }

    private TrackedRecord record(Draft draft, boolean endsUnit) {
        return record(draft, endsUnit, lane.sourcePartition(), settledMap);
    }

    private TrackedRecord record(
            Draft draft, boolean endsUnit, Map<String, String> sourcePartition, Map<String, Object> sourceOffset) {
        Change first = draft.changes().get(0);
        TrackedRecord record = new TrackedRecord(
                sourcePartition,
                sourceOffset,
                topic,
                draft.partition(),
                single ? ChangeSchemas.KEY : null,
                single ? codec.key(first) : null,
                single ? ChangeSchemas.CHANGE : ChangeSchemas.BATCH,
                single ? codec.single(first) : codec.batch(first.origin(), draft.changes()),
                first.origin().capturedAt(),
                lane.acknowledgements(),
                lane.acknowledgements().register(settled.generation(), settled.inSnapshot() ? 0 : settled.offset()),
                endsUnit);
        for (Change change : draft.changes()) {
            RecordFactory.mark(record, change);
        }
        return record;
    }

    /** The changes of one partition that are not in a record yet: whole units, and the beginning of one. */
    private final class OpenRun {

        private final int partition;
        private List<Change> changes = new ArrayList<>();
        private long bytes;
        private int whole;
        private long wholeBytes;

        OpenRun(int partition) {
            this.partition = partition;
        }

        void add(Change change) {
            int size = ChangeSize.of(change);
            if (!changes.isEmpty() && !changes.get(0).origin().sameHistory(change.origin())) {
                closeWhole();
                closeAll(false);
            }
            if (!changes.isEmpty() && (changes.size() >= maxChanges || bytes + size > maxBytes)) {
                closeWhole();
                if (!changes.isEmpty() && (changes.size() >= maxChanges || bytes + size > maxBytes)) {
                    closeAll(false);
                }
            }
            changes.add(change);
            bytes += size;
            if (units.mayEndWith(change)) {
                whole = changes.size();
                wholeBytes = bytes;
            }
        }

        void closeWhole() {
            if (whole == 0) {
                return;
            }
            List<Change> rest = new ArrayList<>(changes.subList(whole, changes.size()));
            drafts.add(new Draft(partition, whole == changes.size() ? changes : changes.subList(0, whole), true));
            changes = rest;
            bytes -= wholeBytes;
            whole = 0;
            wholeBytes = 0;
        }

        private void closeAll(boolean endsUnit) {
            if (!changes.isEmpty()) {
                drafts.add(new Draft(partition, changes, endsUnit));
                changes = new ArrayList<>();
                bytes = 0;
            }
        }
    }
}
