package io.millrace.sink.plan;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.ShardMark;
import io.millrace.sink.plan.PlanSettings.CrossSlot;
import io.millrace.sink.plan.Unit.Route;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns changes, in the order of their partitions, into units for one destination. It remembers what is open: values in parts
 * and transactions. Not thread-safe: it belongs to the thread that applies.
 */
public final class Planner {

    private record Shard(LogPartition partition, String name) {}

    private static final Logger LOG = LoggerFactory.getLogger(Planner.class);

    private final Destination destination;
    private final PlanSettings settings;
    private final Plan plan;
    private final DatabaseCommands databases;
    private final CommandPlanner commands;
    private final EntryPlanner entries;
    private final PartAssembly parts;
    private final SeenDatabases seen = new SeenDatabases();
    private final LogCursor cursor = new LogCursor();
    private final Map<Shard, ShardProgress> shards = new HashMap<>();
    private final ExpiryDeferral expiries;
    private final GhostWatch ghosts;
    private final Unsupported unsupported;
    private final Map<LogPartition, SlotClaims> claims = new HashMap<>();
    /** Whose change was planned last, and what is known of it. */
    private Shard here;

    private ShardProgress shardProgress;
    private SlotClaims shardClaims;
    private long repeated;

    public Planner(Destination destination, PlanSettings settings, Plan plan) {
        this(destination, settings, plan, new ExpiryDeferral(settings.expiries(), System::currentTimeMillis));
    }

    /** @param expiries asked for every expiry that is written */
    public Planner(Destination destination, PlanSettings settings, Plan plan, ExpiryDeferral expiries) {
        this(destination, settings, plan, expiries, new Scripts(Long.MAX_VALUE));
    }

    /** @param scripts what is known of the source's scripts */
    public Planner(
            Destination destination, PlanSettings settings, Plan plan, ExpiryDeferral expiries, Scripts scripts) {
        this.destination = destination;
        this.settings = settings;
        this.plan = plan;
        this.databases = new DatabaseCommands(destination, settings.databases(), seen);
        this.expiries = expiries;
        this.ghosts = new GhostWatch(settings, plan, cursor);
        this.unsupported = new Unsupported(destination, settings.unsupported(), plan);
        this.commands = new CommandPlanner(destination, settings, databases, expiries, unsupported, plan, scripts);
        ValueCommands values = new ValueCommands(destination, unsupported);
        this.entries = new EntryPlanner(destination, settings, values, expiries, unsupported);
        this.parts = new PartAssembly(values, entries, unsupported);
    }

    /**
     * Plans the next change of a record. The ticket is held as long as the change is not applied.
     *
     * @param index of the change in its record, from 0
     */
    public void plan(Change change, Ticket ticket, int index) {
        cursor.at(ticket.offset(), index);
        expiries.next(change);
        unsupported.next(change, ticket);
        find(ticket.logPartition(), change.origin().shard());
        ShardProgress shard = shardProgress;
        SlotClaims owned = shardClaims;
        if (!owned.counts(change)) {
            shard.abandon();
            plan.reached(change);
            return;
        }
        try {
            if (change instanceof CommandChange command) {
                command(owned.within(command), shard, ticket);
            } else if (change instanceof SnapshotEntry entry) {
                entry(entry, shard, ticket);
            } else {
                mark((Mark) change, shard, ticket);
            }
        } catch (PlanRejection e) {
            plan.refuse(ticket, change, e.command(), e.getMessage());
        } catch (LeftOut e) {
            unsupported.leftOut(e);
            plan.reached(change);
        }
    }

    /** Most changes follow one of the same shard. */
    private void find(LogPartition partition, String name) {
        if (here == null || !here.partition.equals(partition) || !here.name.equals(name)) {
            here = new Shard(partition, name);
            shardProgress = shards.computeIfAbsent(here, none -> new ShardProgress());
            shardClaims = claims.computeIfAbsent(partition, none -> new SlotClaims());
        }
    }

    /** How far the shards of a partition are planned, as of the end of a record. */
    public Map<String, ShardMark> marks(LogPartition partition) {
        Map<String, ShardMark> marks = new HashMap<>();
        shards.forEach((shard, progress) -> {
            if (shard.partition.equals(partition)) {
                SlotClaims owned = claims.get(partition);
                marks.put(shard.name, progress.mark(seen.numbers(), owned == null ? Map.of() : owned.of(shard.name)));
            }
        });
        return marks;
    }

    /** What {@link #marks} gave when a planner before was where this one begins. */
    public void restore(LogPartition partition, Map<String, ShardMark> marks) {
        here = null;
        marks.forEach((name, mark) -> {
            shards.put(new Shard(partition, name), new ShardProgress(mark));
            mark.databases().forEach(seen::add);
            claims.computeIfAbsent(partition, none -> new SlotClaims()).restore(name, mark.claims());
        });
    }

    /** Commands that were skipped because they had been planned before: a source's repetition after its restart. */
    public long repeated() {
        return repeated;
    }

    private void mark(Mark mark, ShardProgress shard, Ticket ticket) {
        if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN || !shard.isPassed(mark)) {
            claims.get(ticket.logPartition()).take(mark);
        }
        if (mark.slots() != null
                && (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN || mark.meaning() == Mark.Meaning.TOPOLOGY)) {
            ghosts.claimed(mark, ticket);
        }
        if (mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
            shard.abandon();
            ghosts.begin(mark, shard, covered(ticket.logPartition()), ticket);
            shard.begin(mark);
            parts.drop(ticket, mark.origin());
        } else if (mark.meaning() == Mark.Meaning.SNAPSHOT_END) {
            ghosts.end(mark, shard, shards.size(), ticket);
        }
        plan.reached(mark);
    }

    private SlotSet covered(LogPartition partition) {
        SlotSet covered = SlotSet.NONE;
        for (Map.Entry<Shard, ShardProgress> shard : shards.entrySet()) {
            if (shard.getKey().partition().equals(partition)) {
                covered = covered.union(shard.getValue().covered());
            }
        }
        return covered;
    }

    private void entry(SnapshotEntry entry, ShardProgress shard, Ticket ticket) throws PlanRejection, LeftOut {
        if (shard.isBehind(entry)) {
            // A key copied anew stands between commands; the entries of a snapshot come before all commands.
            repeated++;
            plan.reached(entry);
            return;
        }
        int db = databases.destination(entry.db());
        if (shard.snapshot() != null && entry.key() != null) {
            shard.snapshot().add(db, entry.key());
        }
        seen.add(entry.db());
        ghosts.spare(entry, db, ticket);
        CommandList list = new CommandList(db, entry, ticket);
        if (SnapshotEntry.FUNCTION.equals(entry.type())) {
            function(entry, list);
            return;
        }
        List<Ticket> ends;
        if (entry.part() != null) {
            ends = parts.plan(entry, ticket, list);
        } else {
            entries.plan(entry, list);
            ticket.hold();
            ends = List.of(ticket);
        }
        int slot = destination.cluster() ? HashSlot.of(entry.key()) : 0;
        if (!list.isEmpty()) {
            plan.add(Units.entry(list, slot, KeyHash.of(db, entry.key()), ends, cursor));
        }
        if (!ends.isEmpty()) {
            plan.reached(entry);
        }
    }

    private void function(SnapshotEntry entry, CommandList list) throws PlanRejection, LeftOut {
        if (!destination.hasFunctionsAndStreamCounters()) {
            unsupported.whole("FUNCTION", "a function library");
        }
        if (!(entry.value() instanceof Value.StringValue code)) {
            throw new PlanRejection(
                    "FUNCTION", "The function library has no code. Set entry.format=both at the source.");
        }
        list.add(Names.FUNCTION, CommandList.ascii("LOAD"), CommandList.ascii("REPLACE"), code.bytes());
        Route route = destination.cluster() ? Route.ALL_MASTERS : Route.ALONE;
        plan.add(Units.single(new Draft(list.toArray()[0], route, 0, new long[0]), cursor));
        plan.reached(entry);
    }

    private void command(CommandChange change, ShardProgress shard, Ticket ticket) throws PlanRejection, LeftOut {
        if (shard.isRepeated(change)) {
            repeated++;
            plan.reached(change);
            return;
        }
        TransactionMark mark = change.transaction();
        TransactionAssembly open = shard.transaction();
        boolean begins = mark == null || mark.index() == 0;
        if (begins && open != null && !(mark != null && open.isSame(mark))) {
            refuseAll(open.drafts(), "The transaction has no end in the topic.");
            shard.abandon();
            throw new PlanRejection(
                    change.command().name(),
                    "The transaction before this change has no end in the topic. Set the consumer group's offset back to where"
                            + " it begins, or let the source begin a new snapshot.");
        }
        if (mark == null) {
            shard.planned(change);
            List<Draft> drafts = drafts(change, ticket);
            ticket.hold();
            Unit whole =
                    drafts.size() < 2 ? null : Units.together(drafts, List.of(ticket), destination.cluster(), cursor);
            if (whole != null) {
                plan.add(whole);
            } else {
                for (Draft draft : drafts) {
                    plan.add(Units.single(draft, cursor));
                }
                ticket.release();
            }
            plan.reached(change);
            return;
        }
        transaction(change, mark, open, shard, ticket);
    }

    private List<Draft> drafts(CommandChange change, Ticket ticket) throws PlanRejection, LeftOut {
        int db = databases.destination(change.db());
        if (change.command().keys().length > 0) {
            seen.add(change.db());
        }
        ghosts.spare(change, db, ticket);
        return commands.plan(change, db, ticket);
    }

    private void transaction(
            CommandChange change, TransactionMark mark, TransactionAssembly open, ShardProgress shard, Ticket ticket)
            throws PlanRejection {
        TransactionAssembly assembly = open;
        if (assembly != null && assembly.isSame(mark)) {
            if (assembly.holds(mark, change.command())) {
                repeated++;
                return;
            }
            if (assembly.reaches(mark)) {
                assembly.goBackTo(mark);
            } else if (mark.index() == 0) {
                shard.abandon();
                assembly = null;
            }
        }
        if (assembly == null) {
            // An index above 0 is the rest of a transaction whose beginning was before the consumer's first record.
            assembly = new TransactionAssembly(mark, ticket, shard.issued(mark.id()));
            shard.open(assembly);
        } else if (!assembly.expects(mark)) {
            refuseAll(assembly.drafts(), "The transaction is not whole in the topic.");
            shard.abandon();
            throw new PlanRejection(
                    change.command().name(),
                    "Change " + mark.index() + " of transaction " + mark.id()
                            + " does not follow the change before it. Set the consumer group's offset back to the record where the"
                            + " transaction begins.");
        }
        PlanRejection refused = null;
        List<Draft> drafts = List.of();
        try {
            drafts = drafts(change, ticket);
        } catch (PlanRejection e) {
            refused = e;
        } catch (LeftOut e) {
            unsupported.leftOut(e);
        }
        assembly.add(change.command(), drafts, ticket);
        if (mark.last()) {
            shard.planned(change);
            shard.close();
            finish(assembly, assembly.ends());
        } else if (assembly.bytes() > settings.maxTransactionBytes()) {
            LOG.warn(
                    "The transaction at offset {} of source shard {} is larger than transaction.max.bytes ({}) and is applied in"
                            + " pieces.",
                    mark.id(),
                    change.origin().shard(),
                    settings.maxTransactionBytes());
            shard.piece(mark.id(), assembly.taken());
            finish(assembly, new ArrayList<>(assembly.held()));
        }
        if (mark.last()) {
            plan.reached(change);
        }
        if (refused != null) {
            throw refused;
        }
    }

    private void finish(TransactionAssembly assembly, List<Ticket> ends) {
        List<Draft> drafts = assembly.drafts();
        if (drafts.isEmpty()) {
            ends.forEach(Ticket::release);
            assembly.clear();
            return;
        }
        Unit whole = Units.together(drafts, ends, destination.cluster(), cursor);
        if (whole != null) {
            plan.add(whole);
        } else if (settings.crossSlot() != CrossSlot.FAIL || Units.haveSweep(drafts) || !Units.spanSlots(drafts)) {
            if (destination.cluster()) {
                plan.crossed(Crossing.SPLIT, drafts.get(0).command().change(), "MULTI");
            }
            Units.bySlot(drafts, ends, destination.cluster(), cursor).forEach(plan::add);
        } else {
            plan.crossed(Crossing.REFUSED, drafts.get(0).command().change(), "MULTI");
            refuseAll(
                    drafts,
                    "The keys of the transaction's " + drafts.size()
                            + " commands are in several slots of the cluster, where no transaction can hold them. Set"
                            + " cross.slot=split or copy to apply the commands of each slot as a transaction of its own, or give"
                            + " the keys a common {hash tag} at the source.");
            ends.forEach(Ticket::release);
        }
        assembly.clear();
    }

    /** Every change of a transaction that is not applied, each with its own keys. */
    private void refuseAll(List<Draft> drafts, String reason) {
        Change last = null;
        for (Draft draft : drafts) {
            PlannedCommand command = draft.command();
            if (command.change() != last) {
                last = command.change();
                plan.refuse(command.ticket(), last, "MULTI", reason);
            }
        }
    }
}
