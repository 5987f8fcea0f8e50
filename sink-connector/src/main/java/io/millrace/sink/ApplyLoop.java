package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.recopy.DirtyKey;
import io.millrace.sink.apply.ApplyAbortedException;
import io.millrace.sink.apply.ApplyState;
import io.millrace.sink.apply.DeliveryStrategy;
import io.millrace.sink.apply.OwnHash;
import io.millrace.sink.apply.ResumePoints;
import io.millrace.sink.apply.Session;
import io.millrace.sink.apply.SessionEndedException;
import io.millrace.sink.apply.SessionParts;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.ResumePoint;
import io.millrace.sink.config.SinkSettings;
import io.millrace.sink.plan.Destination;
import io.millrace.sink.plan.ExpiryDeferral;
import io.millrace.sink.plan.Planner;
import io.millrace.sink.plan.Scripts;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records, plans them and applies them, window by window; a window ends when it is full, or when nothing more has
 * arrived. It does so in sessions: when one ends, everything that was taken is dropped, and the next says where to read.
 * Everything here but {@link #failure} and {@link #cut} belongs to the thread that runs it.
 */
final class ApplyLoop implements Runnable, ResumePoints {

    private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);
    private static final long NOTE_MILLIS = 1000;

    /** Their names and marks are in memory. */
    private static final int MOST_DIRTY_KEYS = 100_000;

    private static final long MOST_SCRIPT_BYTES = 16 << 20;

    private final SinkSettings settings;
    private final Inbox inbox;
    private final OffsetLedger ledger;
    private final Refusals refusals;
    private final SessionParts parts;
    private final DeliveryStrategy delivery;
    private final SinkStatus status;
    private final ExpiryDeferral expiries;
    private final DirtyKeys dirty;
    private final ScriptStore scripts;
    private final KeptConflicts conflicts;
    private final Reductions reductions;
    private final PlannedChanges planned;

    private final Windows windows;
    private final Map<LogPartition, Boundaries> boundaries = new HashMap<>();
    private Planner planner;
    private TakenRecords taken = new TakenRecords();
    private volatile Session session;
    private long repeatedBefore;
    private long notedAt;
    private volatile SinkFailure failure;

    ApplyLoop(
            SinkSettings settings,
            Inbox inbox,
            OffsetLedger ledger,
            Refusals refusals,
            SessionParts parts,
            DeliveryStrategy delivery,
            ExpiryDeferral expiries,
            SinkStatus status) {
        this.settings = settings;
        this.inbox = inbox;
        this.ledger = ledger;
        this.refusals = refusals;
        this.reductions = new Reductions(refusals);
        this.planned = new PlannedChanges(reductions, status);
        this.parts = parts;
        this.delivery = delivery;
        this.expiries = expiries;
        this.status = status;
        this.conflicts = new KeptConflicts(settings.plan().conflicts());
        this.dirty = new DirtyKeys(
                hash(DirtyKey.hashOf(settings.connector()), "keys with refused changes"), status, MOST_DIRTY_KEYS);
        this.scripts = new ScriptStore(
                hash(ScriptStore.hashOf(settings.connector()), "scripts of the source"),
                new Scripts(MOST_SCRIPT_BYTES));
        this.windows =
                new Windows(settings.batch(), ledger, dirty, scripts, status, inbox, delivery.decidesWhereToRead());
    }

    private OwnHash hash(byte[] key, String what) {
        return new OwnHash(key, what, parts.nodes(), settings.apply(), parts.abort(), status::state, parts.millis());
    }

    /** Why the thread ended by itself; null while it has not. Thread-safe. */
    SinkFailure failure() {
        return failure;
    }

    /** Ends a wait for replies after an abort. Thread-safe. */
    void cut() {
        Session current = session;
        if (current != null) {
            current.cut();
        }
    }

    @Override
    public void run() {
        refusals.watch(dirty, settings.plan().unsupported());
        try {
            boolean open = true;
            while (open) {
                open = serve();
            }
            status.state(ApplyState.STOPPED);
        } catch (ApplyAbortedException e) {
            status.state(ApplyState.STOPPED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status.state(ApplyState.STOPPED);
        } catch (SinkFailure e) {
            fail(e);
        } catch (RuntimeException | Error e) {
            fail(new SinkFailure("Applying ended unexpectedly: " + e, e));
        } finally {
            if (dirty.isSettled()) {
                ledger.advance();
            }
            dirty.close();
            scripts.close();
            inbox.close();
        }
    }

    private void fail(SinkFailure e) {
        LOG.error("Applying has stopped. {}", e.getMessage());
        status.failed(e.getMessage());
        failure = e;
    }

    /** Applies for one session; false when nothing more will come. */
    private boolean serve() throws ApplyAbortedException, InterruptedException {
        try (Session opened = open()) {
            session = opened;
            dirty.load();
            scripts.load();
            begin();
            loop();
            return false;
        } catch (SessionEndedException e) {
            inbox.halt();
            wait(e.failure(), e);
            return true;
        } finally {
            session = null;
        }
    }

    private Session open() throws ApplyAbortedException {
        while (true) {
            try {
                Destination destination = DestinationInquiry.ask(parts.nodes());
                Session opened = delivery.open();
                planner = new Planner(destination, settings.plan(), planned, expiries, scripts.scripts());
                LOG.info("Applying to {}, {}.", settings.endpoint(), destination.version());
                return opened;
            } catch (RedisFailureException e) {
                wait(e.failure(), e);
            }
        }
    }

    /** Waits before the next try, unless it would be in vain. */
    private void wait(RedisFailure why, Exception cause) throws ApplyAbortedException {
        if (!why.isRetryable()) {
            throw new SinkFailure(cause.getMessage(), cause);
        }
        parts.report().failed(why);
        parts.abort().pause(parts.retries().failed(why, parts.millis().getAsLong()));
    }

    private void begin() {
        planned.clear();
        windows.begin(session, this);
        taken = new TakenRecords();
        boundaries.clear();
        repeatedBefore = 0;
        notedAt = parts.millis().getAsLong();
        session.checkpoints().forEach((partition, checkpoint) -> {
            ResumePoint resume = checkpoint.resume();
            if (resume != null) {
                planner.restore(partition, resume.shards());
                boundaries.computeIfAbsent(partition, name -> new Boundaries()).add(resume);
                status.checkpoint(partition, checkpoint.applied());
            }
            LOG.info(
                    "Owner {} of {}: {}.",
                    checkpoint.owner().epoch(),
                    partition,
                    resume == null
                            ? "the destination has no checkpoint, reading begins where the consumer group is"
                            : "applied to " + checkpoint.applied() + ", reading begins at offset " + resume.offset());
        });
        status.sessionBegan();
        parts.report().opened();
        inbox.begin(session.checkpoints());
    }

    private void loop() throws ApplyAbortedException, InterruptedException, SessionEndedException {
        int most = settings.batch().maxCommands();
        while (!inbox.isClosed()) {
            boolean idle = taken.isEmpty() && windows.isSettled();
            Delivery next = inbox.take(idle ? NOTE_MILLIS : 0);
            if (next != null) {
                plan(next);
                if (windows.isFull() || taken.size() >= most) {
                    flush();
                }
            } else if (windows.isSettled()) {
                flush();
            } else {
                // What arrives meanwhile goes into the next window.
                windows.settle();
            }
        }
        windows.settle();
    }

    private void plan(Delivery next) throws ApplyAbortedException, SessionEndedException {
        RecordTicket ticket = next.ticket();
        Boundaries known = boundaries.computeIfAbsent(ticket.logPartition(), name -> new Boundaries());
        if (known.isEmpty()) {
            known.add(new ResumePoint(ticket.offset(), planner.marks(ticket.logPartition())));
        }
        int index = 0;
        boolean before = true;
        for (Change change : next.changes()) {
            // Once one is not, none after it is.
            before = before && session.isPast(ticket.logPartition(), new LogPosition(ticket.offset(), index, 0));
            plan(change, ticket, index, before);
            index++;
            boolean applying = !before;
            if (reductions.isReduced()) {
                windows.makeRoom(); // its key is noted with its own window, and with none before
            }
            reductions.planned(before);
            for (Unit unit : planned.units()) {
                if (session.isApplied(unit)) {
                    leaveOut(unit);
                    continue;
                }
                applying = true;
                windows.add(unit);
            }
            planned.units().clear();
            count(change, applying);
            planned.countCrossings(applying);
            if (reductions.hasRefused()) {
                windows.apply();
                reductions.reportRefused(before);
                dirty.settle(List.of());
            }
        }
        if (reductions.isPending()) {
            windows.apply();
            reductions.report();
            dirty.settle(List.of());
        }
        ticket.release();
        taken.add(ticket);
    }

    private void plan(Change change, RecordTicket ticket, int index, boolean before)
            throws ApplyAbortedException, SessionEndedException {
        try {
            if (!before && change instanceof Mark mark) {
                conflicts.allow(mark, planner.marks(ticket.logPartition()));
            }
            planner.plan(change, ticket, index);
        } catch (SinkFailure e) {
            windows.settle(); // what is on its way may have been refused: that must not be lost
            throw e;
        }
    }

    private static void leaveOut(Unit unit) {
        for (Ticket ticket : unit.tickets()) {
            ticket.release();
        }
    }

    private void count(Change change, boolean applying) {
        if (!applying) {
            status.alreadyApplied();
            return;
        }
        taken.count(change instanceof SnapshotEntry entry
                && (entry.part() == null || entry.part().last()));
    }

    /** Where a partition can be read on: everything before is done, and the planner's state is known there. */
    @Override
    public ResumePoint of(LogPartition partition) {
        Boundaries known = boundaries.get(partition);
        return known == null
                ? null
                : known.resume(ledger.firstOpen(new TopicPartition(partition.topic(), partition.number())));
    }

    /** Sends what is planned; when that is applied, everybody is told how far it is. */
    private void flush() throws ApplyAbortedException, SessionEndedException {
        TakenRecords done = taken;
        taken = new TakenRecords();
        long repeated = planner.repeated();
        done.end(repeated - repeatedBefore, planned.takeReached());
        repeatedBefore = repeated;
        windows.finish(done);
        // Behind the sending: a window's checkpoint says where to read on before it is done.
        Map<LogPartition, RecordTicket> last = new HashMap<>();
        done.tickets().forEach(ticket -> last.put(ticket.logPartition(), ticket));
        last.forEach((partition, ticket) -> boundaries
                .get(partition)
                .add(new ResumePoint(ticket.offset() + 1, planner.marks(partition), ticket.timestamp())));
        long now = parts.millis().getAsLong();
        if (now - notedAt >= NOTE_MILLIS) {
            windows.settle();
            session.note(this);
            notedAt = now;
        }
    }
}
