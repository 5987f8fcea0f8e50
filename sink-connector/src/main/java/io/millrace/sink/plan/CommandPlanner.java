package io.millrace.sink.plan;

import io.millrace.change.CommandChange;
import io.millrace.command.Command;
import io.millrace.command.CommandTable;
import io.millrace.command.MalformedCommandException;
import io.millrace.command.Scope;
import io.millrace.command.SlotSplit;
import io.millrace.command.Split;
import io.millrace.sink.plan.PlanSettings.CrossSlot;
import io.millrace.sink.plan.Unit.Route;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans commands: as they are, but for databases, and for keys in several slots of a cluster. */
final class CommandPlanner {

    /** What is known of a name: found once, as a stream has few names. */
    private record Known(CommandName name, Command command) {}

    private static final int MAX_KNOWN = 4096;

    private final CommandTable table = CommandTable.standard();
    private final Map<String, Known> known = new HashMap<>();
    private final Destination destination;
    private final PlanSettings settings;
    private final DatabaseCommands databases;
    private final ClientForm clientForm;
    private final OlderForm olderForm;
    private final Plan plan;
    private final Scripts scripts;

    /** @param plan is told of what concerns several slots of a cluster */
    CommandPlanner(
            Destination destination,
            PlanSettings settings,
            DatabaseCommands databases,
            ExpiryDeferral expiries,
            Unsupported unsupported,
            Plan plan,
            Scripts scripts) {
        this.plan = plan;
        this.scripts = scripts;
        this.destination = destination;
        this.settings = settings;
        this.databases = databases;
        this.clientForm = new ClientForm(destination, expiries);
        this.olderForm = new OlderForm(destination, unsupported);
    }

    /** The commands that do what the change says: none when it is of no concern to a destination. */
    List<Draft> plan(CommandChange change, int db, Ticket ticket) throws PlanRejection, LeftOut {
        io.millrace.change.Command source = change.command();
        Known found = known(source.name());
        byte[][] args = source.args();
        Command command = found.command;
        if (command != null && !command.isWrite()) {
            command = table.find(argv(found.name, args));
        }
        Scope scope = command == null ? Scope.KEYS : command.scope();
        switch (scope) {
            case KEYS -> {
                byte[][] evaluated =
                        command == null || command.isWrite() ? null : scripts.evaluated(source.name(), args);
                return evaluated == null
                        ? keyed(change, found.name, command, args, db, ticket)
                        : keyed(change, Names.EVAL, command, evaluated, db, ticket);
            }
            case ALL_NODES -> {
                if (source.name().equals("SCRIPT")) {
                    scripts.evaluated(source.name(), args);
                }
                SlotFlush flush = SlotFlush.of(change, settings.databases());
                if (flush != null) {
                    PlannedCommand whole = new PlannedCommand(found.name, args, db, ReplyRule.PLAIN, change, ticket);
                    return flush.isEmpty() ? List.of() : List.of(new Draft(whole, Route.SWEEP, 0, new long[0], flush));
                }
                byte[][] rewritten =
                        databases.rewrite(source.name(), change.db(), LibraryCommands.repeatable(source.name(), args));
                if (rewritten == null) {
                    return List.of();
                }
                Route route = destination.cluster() ? Route.ALL_MASTERS : Route.ALONE;
                List<Draft> drafts = new ArrayList<>(1);
                for (ClientForm.Step step : older(List.of(new ClientForm.Step(found.name, rewritten)))) {
                    drafts.add(draft(change, step.name(), step.args(), db, ticket, route, 0, null));
                }
                return drafts;
            }
            case ANY_NODE, CHANNEL -> {
                if (!settings.publish()) {
                    return List.of();
                }
                boolean channel = scope == Scope.CHANNEL && args.length > 0;
                Route route = channel ? Route.SLOT : Route.ANY_NODE;
                int slot = channel ? HashSlot.of(args[0]) : 0;
                return List.of(draft(change, found.name, args, db, ticket, route, slot, null));
            }
            case TOPOLOGY, CONNECTION -> {
                return List.of();
            }
            case SERVER ->
                throw new PlanRejection(
                        source.name(),
                        "The command administers a server and is no change of data. Remove it from the topic.");
        }
        throw new IllegalStateException("unknown scope " + scope);
    }

    private List<Draft> keyed(
            CommandChange change, CommandName name, Command command, byte[][] from, int db, Ticket ticket)
            throws PlanRejection, LeftOut {
        byte[][] args = databases.rewrite(name.text(), change.db(), LibraryCommands.repeatable(name.text(), from));
        if (args == null) {
            return List.of();
        }
        int[] positions = change.command().keys();
        if (positions.length == 0) {
            if (destination.cluster()) {
                throw new PlanRejection(
                        name.text(),
                        "The command names no key, so that its node in the cluster cannot be told. Replicate the effects of"
                                + " scripts (Redis 7 does), or filter the command.");
            }
            if (change.slots() != null && change.slots().size() < HashSlot.COUNT) {
                throw new PlanRejection(
                        name.text(),
                        "The command names no key, so that every partition of the source cluster's topic has it and it would be"
                                + " executed several times. Filter the command.");
            }
            return List.of(draft(change, name, args, db, ticket, Route.ALONE, 0, null));
        }
        if (databases.spansDatabases(name.text())) {
            List<Draft> drafts = new ArrayList<>(1);
            for (ClientForm.Step step : older(List.of(new ClientForm.Step(name, args)))) {
                drafts.add(draft(change, step.name(), step.args(), db, ticket, Route.ALONE, 0, null));
            }
            return drafts;
        }
        int slot = 0;
        boolean several = false;
        if (destination.cluster()) {
            slot = HashSlot.of(args[positions[0]]);
            for (int i = 1; i < positions.length; i++) {
                several |= HashSlot.of(args[positions[i]]) != slot;
            }
        }
        if (several) {
            return across(change, name, command, args, db, ticket);
        }
        long[] keys = keys(change, args, db);
        List<ClientForm.Step> steps = clientForm.of(change, name, command, args);
        if (steps == null) {
            steps = olderForm.of(name, args);
            if (steps == null) {
                return List.of(draft(change, name, args, db, ticket, Route.SLOT, slot, keys));
            }
        } else {
            steps = older(steps);
        }
        List<Draft> drafts = new ArrayList<>(steps.size());
        for (ClientForm.Step step : steps) {
            drafts.add(draft(change, step.name(), step.args(), db, ticket, Route.SLOT, slot, keys));
        }
        return drafts;
    }

    private List<ClientForm.Step> older(List<ClientForm.Step> steps) throws PlanRejection, LeftOut {
        List<ClientForm.Step> all = new ArrayList<>(steps.size());
        for (ClientForm.Step step : steps) {
            List<ClientForm.Step> other = olderForm.of(step.name(), step.args());
            all.addAll(other == null ? List.of(step) : other);
        }
        return all;
    }

    /** Divides the command where that is exact; else the user decides. */
    private List<Draft> across(
            CommandChange change, CommandName name, Command command, byte[][] args, int db, Ticket ticket)
            throws PlanRejection, LeftOut {
        if (command != null && command.split() != Split.NONE) {
            plan.crossed(Crossing.SPLIT, change, name.text());
            return split(change, name, command, args, db, ticket);
        }
        if (settings.crossSlot() == CrossSlot.COPY) {
            plan.crossed(Crossing.COPIED, change, name.text());
            long[] keys = keys(change, args, db);
            List<Draft> drafts = new ArrayList<>(1);
            for (ClientForm.Step step : older(List.of(new ClientForm.Step(name, args)))) {
                drafts.add(draft(change, step.name(), step.args(), db, ticket, Route.GATHERED, 0, keys));
            }
            return drafts;
        }
        plan.crossed(Crossing.REFUSED, change, name.text());
        throw new PlanRejection(
                name.text(),
                "Its keys are in different slots of the cluster, and it cannot be divided. Set cross.slot=copy to execute it on"
                        + " copies of its keys, give the keys a common {hash tag} at the source, or filter the command.");
    }

    private List<Draft> split(
            CommandChange change, CommandName name, Command command, byte[][] args, int db, Ticket ticket)
            throws PlanRejection, LeftOut {
        try {
            List<Draft> drafts = new ArrayList<>();
            for (byte[][] part : SlotSplit.bySlot(command, argv(name, args))) {
                List<byte[]> found = new ArrayList<>();
                // A part of MSETNX is an MSET, whose keys stand where those of MSETNX do.
                for (int position : command.keyPositions(part)) {
                    found.add(part[position]);
                }
                long[] keys =
                        found.stream().mapToLong(key -> KeyHash.of(db, key)).toArray();
                CommandName partName = Arrays.equals(part[0], name.bytes())
                        ? name
                        : CommandName.of(new String(part[0], StandardCharsets.ISO_8859_1));
                byte[][] rest = Arrays.copyOfRange(part, 1, part.length);
                int slot = HashSlot.of(found.get(0));
                List<ClientForm.Step> steps = clientForm.of(change, partName, command, rest);
                for (ClientForm.Step step :
                        older(steps == null ? List.of(new ClientForm.Step(partName, rest)) : steps)) {
                    drafts.add(draft(change, step.name(), step.args(), db, ticket, Route.SLOT, slot, keys));
                }
            }
            return drafts;
        } catch (MalformedCommandException e) {
            throw new PlanRejection(name.text(), e.getMessage());
        }
    }

    private static long[] keys(CommandChange change, byte[][] args, int db) {
        int[] positions = change.command().keys();
        long[] keys = new long[positions.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = KeyHash.of(db, args[positions[i]]);
        }
        return keys;
    }

    private static Draft draft(
            CommandChange change,
            CommandName name,
            byte[][] args,
            int db,
            Ticket ticket,
            Route route,
            int slot,
            long[] keys) {
        return new Draft(
                new PlannedCommand(name, args, db, ReplyRule.PLAIN, change, ticket),
                route,
                slot,
                keys == null ? new long[0] : keys);
    }

    private Known known(String name) {
        Known found = known.get(name);
        if (found == null) {
            CommandName wire = CommandName.of(name);
            found = new Known(wire, table.find(wire.bytes()));
            if (known.size() < MAX_KNOWN) {
                known.put(name, found);
            }
        }
        return found;
    }

    private static byte[][] argv(CommandName name, byte[][] args) {
        byte[][] argv = new byte[args.length + 1][];
        argv[0] = name.bytes();
        System.arraycopy(args, 0, argv, 1, args.length);
        return argv;
    }
}
