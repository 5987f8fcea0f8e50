package io.millrace.sink.plan;

import io.millrace.sink.plan.Unit.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes units of commands. */
final class Units {

    private Units() {}

    /** One command alone; its record is held until it is done. */
    static Unit single(Draft draft, LogCursor cursor) {
        Ticket ticket = draft.command().ticket();
        ticket.hold();
        return of(draft, new Ticket[] {ticket}, cursor);
    }

    private static Unit of(Draft draft, Ticket[] tickets, LogCursor cursor) {
        if (draft.sweep() != null) {
            return Unit.sweep(cursor.next(), draft.sweep(), tickets);
        }
        return new Unit(
                cursor.next(),
                new PlannedCommand[] {draft.command()},
                draft.route(),
                draft.slot(),
                draft.keys(),
                tickets);
    }

    /** The commands of one entry; the caller says which records end with it, already held. */
    static Unit entry(CommandList commands, int slot, long key, List<Ticket> ends, LogCursor cursor) {
        return new Unit(cursor.next(), commands.toArray(), Route.SLOT, slot, new long[] {key}, array(ends));
    }

    /** As {@code toArray}, which asks the virtual machine for an array by its class: for each key, that is dear. */
    private static Ticket[] array(List<Ticket> ends) {
        Ticket[] tickets = new Ticket[ends.size()];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = ends.get(i);
        }
        return tickets;
    }

    /** Whether there is something among them that no transaction of a destination can hold. */
    static boolean haveSweep(List<Draft> drafts) {
        for (Draft draft : drafts) {
            if (draft.sweep() != null) {
                return true;
            }
        }
        return false;
    }

    /** Whether they have keys in several slots. Without, what cannot be together are commands for all nodes. */
    static boolean spanSlots(List<Draft> drafts) {
        int slot = -1;
        for (Draft draft : drafts) {
            if (draft.route() == Route.GATHERED || (draft.route() == Route.SLOT && slot >= 0 && draft.slot() != slot)) {
                return true;
            }
            if (draft.route() == Route.SLOT) {
                slot = draft.slot();
            }
        }
        return false;
    }

    /** Everything as one transaction; {@code null} when that cannot be. */
    static Unit together(List<Draft> drafts, List<Ticket> ends, boolean cluster, LogCursor cursor) {
        if (haveSweep(drafts)) {
            return null;
        }
        boolean barrier = false;
        int slot = -1;
        int keyCount = 0;
        for (Draft draft : drafts) {
            barrier |= draft.isBarrier();
            keyCount += draft.keys().length;
            if (draft.route() == Route.SLOT) {
                if (slot >= 0 && draft.slot() != slot && cluster) {
                    return null;
                }
                slot = draft.slot();
            }
        }
        if (cluster && barrier) {
            return null;
        }
        long[] keys = new long[keyCount];
        PlannedCommand[] commands = new PlannedCommand[drafts.size()];
        int at = 0;
        int db = drafts.get(0).command().db();
        for (int i = 0; i < commands.length; i++) {
            commands[i] = drafts.get(i).command();
            barrier |= commands[i].db() != db;
            for (long key : drafts.get(i).keys()) {
                keys[at++] = key;
            }
        }
        Route route = barrier ? Route.ALONE : slot < 0 ? Route.ANY_NODE : Route.SLOT;
        return new Unit(cursor.next(), commands, route, Math.max(slot, 0), keys, array(ends));
    }

    /**
     * One transaction for each slot, with commands for all nodes between them. Every record is released with the last unit,
     * which is added as a barrier's equal: units of different slots have no order among themselves, so each holds them all.
     */
    static List<Unit> bySlot(List<Draft> drafts, List<Ticket> ends, boolean cluster, LogCursor cursor) {
        List<Unit> units = new ArrayList<>();
        Map<Integer, List<Draft>> open = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            if (draft.isBarrier()) {
                flush(open, ends, units, cluster, cursor);
                units.add(held(List.of(draft), ends, cluster, cursor));
            } else {
                open.computeIfAbsent(draft.slot(), slot -> new ArrayList<>()).add(draft);
            }
        }
        flush(open, ends, units, cluster, cursor);
        ends.forEach(Ticket::release);
        return units;
    }

    private static void flush(
            Map<Integer, List<Draft>> open, List<Ticket> ends, List<Unit> units, boolean cluster, LogCursor cursor) {
        open.values().forEach(slot -> units.add(held(slot, ends, cluster, cursor)));
        open.clear();
    }

    private static Unit held(List<Draft> drafts, List<Ticket> ends, boolean cluster, LogCursor cursor) {
        ends.forEach(Ticket::hold);
        if (drafts.size() == 1) {
            return of(drafts.get(0), array(ends), cursor);
        }
        return together(drafts, ends, cluster, cursor);
    }
}
