package io.millrace.sink.plan;

import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;

/**
 * What is applied together or not at all: one command, or several in one MULTI…EXEC.
 *
 * <p>Belongs to the thread that applies.
 */
public final class Unit {

    /** Where a unit goes. */
    public enum Route {
        /** To the node of its slot, in order with what shares a key with it. */
        SLOT,
        /** To any one node. */
        ANY_NODE,
        /** To every master, alone: after all that came before and before all that comes after. */
        ALL_MASTERS,
        /** To the one server of a standalone destination, alone as above: FLUSHALL, SWAPDB, or keys that are not known. */
        ALONE,
        /**
         * One command with keys in several slots of a cluster, alone as above: copies of the keys are gathered in one slot, the
         * command runs there, and what it leaves is put in the keys' places.
         */
        GATHERED,
        /** No command: every master is looked through for keys that are to go. */
        SWEEP
    }

    private static final long[] NO_KEYS = {};

    private final LogPosition position;
    private final PlannedCommand[] commands;
    private final Route route;
    private final int slot;
    private final long[] keys;
    private final Ticket[] tickets;
    private final KeySweep sweep;
    private final long bytes;

    Unit(LogPosition position, PlannedCommand[] commands, Route route, int slot, long[] keys, Ticket[] tickets) {
        this(position, commands, route, slot, keys, tickets, null);
    }

    private Unit(
            LogPosition position,
            PlannedCommand[] commands,
            Route route,
            int slot,
            long[] keys,
            Ticket[] tickets,
            KeySweep sweep) {
        this.position = position;
        this.sweep = sweep;
        this.commands = commands;
        this.route = route;
        this.slot = slot;
        this.keys = keys == null ? NO_KEYS : keys;
        this.tickets = tickets;
        long sum = 0;
        for (PlannedCommand command : commands) {
            sum += command.bytes();
        }
        this.bytes = sum;
    }

    /** @param tickets the records that end with it, held; all of one partition */
    static Unit sweep(LogPosition position, KeySweep sweep, Ticket... tickets) {
        return new Unit(position, new PlannedCommand[0], Route.SWEEP, 0, null, tickets, sweep);
    }

    /** What {@link Route#SWEEP} looks for; null for all other routes. */
    public KeySweep sweep() {
        return sweep;
    }

    /** The partition of the log that all of it comes from. */
    public LogPartition partition() {
        return (sweep == null ? commands[0].ticket() : tickets[0]).logPartition();
    }

    /** Where it stands in its partition; the units of a partition are planned in the order of their positions. */
    public LogPosition position() {
        return position;
    }

    /** Shared with nobody who changes it. */
    public PlannedCommand[] commands() {
        return commands;
    }

    public Route route() {
        return route;
    }

    /** Whether everything before must be done first, and this before everything after. */
    public boolean isBarrier() {
        return route == Route.ALL_MASTERS || route == Route.ALONE || route == Route.GATHERED || route == Route.SWEEP;
    }

    /** Whether it is one command that empties databases on the node that it is sent to. */
    public boolean empties() {
        return commands.length == 1 && commands[0].name().text().startsWith("FLUSH");
    }

    /** The slot of all its keys; 0 where there are none. */
    public int slot() {
        return slot;
    }

    /** The database of its first command, which is that of the connection it goes through; 0 where it has none. */
    public int db() {
        return sweep == null ? commands[0].db() : 0;
    }

    /** Hashes of its keys with their databases. */
    public long[] keys() {
        return keys;
    }

    public long bytes() {
        return bytes;
    }

    /** The records that it keeps open; a record stands here as often as the unit holds it. */
    public Ticket[] tickets() {
        return tickets;
    }
}
