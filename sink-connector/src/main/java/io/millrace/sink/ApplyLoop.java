package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.SnapshotEntry;
import io.millrace.client.NodeConnector;
import io.millrace.failure.RedisFailureException;
import io.millrace.recopy.DirtyKey;
import io.millrace.sink.apply.AbortSignal;
import io.millrace.sink.apply.Applier;
import io.millrace.sink.apply.ApplyAbortedException;
import io.millrace.sink.apply.ApplyState;
import io.millrace.sink.apply.DeliveryStrategy;
import io.millrace.sink.apply.OwnHash;
import io.millrace.sink.apply.RetryWindows;
import io.millrace.sink.apply.SinkFailure;
import io.millrace.sink.config.BatchSettings;
import io.millrace.sink.config.SinkSettings;
import io.millrace.sink.plan.Destination;
import io.millrace.sink.plan.Plan;
import io.millrace.sink.plan.Planner;
import io.millrace.sink.plan.Sweep;
import io.millrace.sink.plan.Ticket;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records, plans them and applies them, window by window; a window ends when it is full, or when nothing more has
 * arrived. Everything here but {@link #failure} and {@link #cut} belongs to the thread that
 * runs it.
 */
final class ApplyLoop implements Runnable, Plan {

    private record Refusal(Ticket ticket, Change change, String command, String reason) {}

    private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);

    /** Their names and marks are in memory. */
    private static final int MOST_DIRTY_KEYS = 100_000;

    private final SinkSettings settings;
    private final Inbox inbox;
    private final OffsetLedger ledger;
    private final Refusals refusals;
    private final DeliveryStrategy delivery;
    private final SinkStatus status;
    private final AbortSignal abort;

    private final List<Unit> planned = new ArrayList<>();
    private final List<Unit> window = new ArrayList<>();
    private final List<Refusal> refused = new ArrayList<>();
    private final List<RecordTicket> taken = new ArrayList<>();
    private final Map<String, Change> reached = new LinkedHashMap<>();
    private Planner planner;
    private volatile Applier applier;
    private DirtyKeys dirty;
    private long windowBytes;
    private long changes;
    private long entries;
    private long repeatedBefore;
    private volatile SinkFailure failure;

    ApplyLoop(
            SinkSettings settings,
            Inbox inbox,
            OffsetLedger ledger,
            Refusals refusals,
            DeliveryStrategy delivery,
            SinkStatus status,
            AbortSignal abort) {
        this.settings = settings;
        this.inbox = inbox;
        this.ledger = ledger;
        this.refusals = refusals;
        this.delivery = delivery;
        this.status = status;
        this.abort = abort;
    }

    /** Why the thread ended by itself; null while it has not. Thread-safe. */
    SinkFailure failure() {
        return failure;
    }

    /** Ends a wait for replies after an abort. Thread-safe. */
    void cut() {
        Applier current = applier;
        if (current != null) {
            current.cut();
        }
    }

    @Override
    public void run() {
        try {
            connect();
            loop();
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
            if (dirty == null || dirty.isSettled()) {
                ledger.advance();
            }
            if (dirty != null) {
                dirty.close();
            }
            if (applier != null) {
                applier.close();
            }
            inbox.close();
        }
    }

    private void fail(SinkFailure e) {
        status.failed(e.getMessage());
        failure = e;
    }

    private void connect() throws ApplyAbortedException {
        NodeConnector connector = new NodeConnector(settings.endpoint());
        RetryWindows retries = new RetryWindows(settings.apply());
        dirty = new DirtyKeys(
                new OwnHash(
                        DirtyKey.hashOf(settings.connector()),
                        connector,
                        settings.apply(),
                        abort,
                        status::state,
                        ApplyLoop::millis),
                status,
                MOST_DIRTY_KEYS);
        refusals.watch(dirty::refused);
        while (true) {
            try {
                Destination destination = DestinationInquiry.ask(connector);
                applier = new Applier(
                        connector,
                        settings.apply(),
                        refusals,
                        System.currentTimeMillis(),
                        abort,
                        status::state,
                        ApplyLoop::millis);
                planner = new Planner(destination, settings.plan(), this);
                dirty.load();
                status.state(ApplyState.RUNNING);
                LOG.info("Applying to {}, {}.", settings.endpoint(), destination.version());
                return;
            } catch (RedisFailureException e) {
                if (!e.failure().isRetryable()) {
                    throw new SinkFailure(e.getMessage(), e);
                }
                status.state(ApplyState.RECONNECTING);
                abort.pause(retries.failed(e.failure(), millis()));
            }
        }
    }

    private static long millis() {
        return System.nanoTime() / 1_000_000;
    }

    private void loop() throws ApplyAbortedException, InterruptedException {
        BatchSettings batch = settings.batch();
        while (true) {
            Delivery next = inbox.take(taken.isEmpty());
            if (next == null) {
                if (taken.isEmpty()) {
                    return;
                }
                flush();
                continue;
            }
            plan(next);
            if (window.size() >= batch.maxCommands()
                    || windowBytes >= batch.maxBytes()
                    || taken.size() >= batch.maxCommands()) {
                flush();
            }
        }
    }

    private void plan(Delivery next) throws ApplyAbortedException {
        BatchSettings batch = settings.batch();
        RecordTicket ticket = next.ticket();
        int index = 0;
        for (Change change : next.changes()) {
            planner.plan(change, ticket, index++);
            changes++;
            if (change instanceof SnapshotEntry entry
                    && (entry.part() == null || entry.part().last())) {
                entries++;
            }
            for (Unit unit : planned) {
                if (unit.isBarrier() || window.size() >= batch.maxCommands() || windowBytes >= batch.maxBytes()) {
                    apply();
                }
                window.add(unit);
                windowBytes += unit.bytes();
                if (unit.isBarrier()) {
                    apply();
                }
            }
            planned.clear();
            if (!refused.isEmpty()) {
                apply();
                for (Refusal refusal : refused) {
                    refusals.refused(refusal.change(), refusal.ticket(), refusal.command(), refusal.reason());
                }
                refused.clear();
                dirty.settle(List.of());
            }
        }
        ticket.release();
        taken.add(ticket);
    }

    private void apply() throws ApplyAbortedException {
        if (!window.isEmpty()) {
            long bytes = windowBytes;
            delivery.apply(window, applier);
            dirty.settle(window);
            window.clear();
            windowBytes = 0;
            status.applied(0, 0, bytes, 0);
        }
    }

    /** Applies what is planned and tells everybody how far it is. */
    private void flush() throws ApplyAbortedException {
        apply();
        ledger.advance();
        long repeated = planner.repeated();
        status.applied(changes, entries, 0, repeated - repeatedBefore);
        repeatedBefore = repeated;
        reached.values().forEach(status::reached);
        reached.clear();
        int doneChanges = 0;
        long doneBytes = 0;
        for (RecordTicket ticket : taken) {
            ticket.forget();
            doneChanges += ticket.changes();
            doneBytes += ticket.bytes();
        }
        taken.clear();
        changes = 0;
        entries = 0;
        inbox.finished(doneChanges, doneBytes);
    }

    @Override
    public void add(Unit unit) {
        planned.add(unit);
    }

    @Override
    public void refuse(Ticket ticket, Change change, String command, String reason) {
        refused.add(new Refusal(ticket, change, command, reason));
    }

    @Override
    public void reached(Change change) {
        reached.put(change.origin().shard(), change);
    }

    @Override
    public void swept(Sweep sweep) {
        status.swept(sweep);
    }

    @Override
    public void stop(String sentence) {
        throw new SinkFailure(sentence);
    }
}
