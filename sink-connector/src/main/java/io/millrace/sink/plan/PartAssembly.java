package io.millrace.sink.plan;

import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values in parts: what has arrived of each, by shard. A shard sends the parts of one value after another and nothing in
 * between, so one value is open at most.
 */
final class PartAssembly {

    private record Shard(String topic, int partition, String name) {
        static Shard of(Ticket ticket, Origin origin) {
            return new Shard(ticket.topic(), ticket.partition(), origin.shard());
        }
    }

    private static final class Open {
        private final byte[] key;
        private final int db;
        private final int generation;
        private final byte[] aside;
        private final List<Ticket> held = new ArrayList<>();
        private int next;
        private long size;
        private boolean leftOut;

        Open(SnapshotEntry first) {
            this.key = first.key();
            this.db = first.db();
            this.generation = first.origin().generation();
            this.aside = PartKey.of(first.key());
        }

        boolean continuesWith(SnapshotEntry entry) {
            return entry.part().index() == next
                    && Arrays.equals(entry.key(), key)
                    && entry.db() == db
                    && entry.origin().generation() == generation;
        }
    }

    private final Map<Shard, Open> open = new HashMap<>();
    private final ValueCommands values;
    private final EntryPlanner entries;
    private final Unsupported unsupported;

    PartAssembly(ValueCommands values, EntryPlanner entries, Unsupported unsupported) {
        this.unsupported = unsupported;
        this.values = values;
        this.entries = entries;
    }

    /**
     * Appends what adds this part to the value aside and, after the last, puts it in its place.
     *
     * @return the records that are done with this part: none before the last
     */
    List<Ticket> plan(SnapshotEntry entry, Ticket ticket, CommandList out) throws PlanRejection, LeftOut {
        if (entry.key() == null) {
            throw new PlanRejection("RESTORE", "The part of a value of type " + entry.type() + " has no key.");
        }
        Shard shard = Shard.of(ticket, entry.origin());
        if (entry.part().index() == 0) {
            drop(shard);
            Open started = new Open(entry);
            open.put(shard, started);
            out.add(Names.DEL, started.aside);
        }
        Open value = open.get(shard);
        if (value == null || !value.continuesWith(entry)) {
            throw new PlanRejection(
                    "RESTORE",
                    "Part " + entry.part().index()
                            + " of the value arrived without the parts before it. Set the consumer"
                            + " group's offset back to the record with part 0, or let the source begin a new snapshot.");
        }
        value.next++;
        if (value.leftOut) {
            if (entry.part().last()) {
                open.remove(shard);
            }
            return List.of();
        }
        try {
            value.size = values.append(
                    value.aside, entry.value(), value.size, entry.part().last(), out);
        } catch (PlanRejection e) {
            drop(shard);
            throw e;
        } catch (LeftOut e) {
            if (entry.part().last()) {
                open.remove(shard);
            }
            return leftOut(value, e, out);
        }
        ticket.hold();
        value.held.add(ticket);
        if (!entry.part().last()) {
            return List.of();
        }
        entries.place(entry, value.aside, out);
        open.remove(shard);
        return value.held;
    }

    /** What has been put together of it goes; the parts that follow are passed over. */
    private List<Ticket> leftOut(Open value, LeftOut why, CommandList out) {
        value.leftOut = true;
        value.held.forEach(Ticket::release);
        value.held.clear();
        out.clear();
        out.add(Names.DEL, value.aside);
        unsupported.leftOut(why);
        return List.of();
    }

    /** The shard begins again: what has not been completed never will be. */
    void drop(Ticket ticket, Origin origin) {
        drop(Shard.of(ticket, origin));
    }

    private void drop(Shard shard) {
        Open dropped = open.remove(shard);
        if (dropped != null) {
            dropped.held.forEach(Ticket::release);
        }
    }
}
