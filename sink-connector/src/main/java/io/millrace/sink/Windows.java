package io.millrace.sink;

import io.millrace.sink.apply.ApplyAbortedException;
import io.millrace.sink.apply.ResumePoints;
import io.millrace.sink.apply.Session;
import io.millrace.sink.apply.SessionEndedException;
import io.millrace.sink.config.BatchSettings;
import io.millrace.sink.plan.Unit;
import java.util.ArrayList;
import java.util.List;

/**
 * The window that is being filled, and the one before it, which is on its way meanwhile: so the destination works while the
 * sink plans. What depends on a window's outcome, such as which records are done, waits until that is heard; and it is heard
 * before the next window is sent.
 *
 * <p>Belongs to the thread that applies.
 */
final class Windows {

    private final BatchSettings batch;
    private final OffsetLedger ledger;
    private final DirtyKeys dirty;
    private final ScriptStore scripts;
    private final SinkStatus status;
    private final Inbox inbox;
    private final boolean checkpointed;

    private Session session;
    private ResumePoints resume;
    private List<Unit> filled = new ArrayList<>();
    private long filledBytes;
    private List<Unit> sent = new ArrayList<>();
    private long sentBytes;

    /** Planned, and done with the window that is on its way; null for none. */
    private TakenRecords taken;

    /** @param checkpointed whether the destination has checkpoints, to be shown */
    Windows(
            BatchSettings batch,
            OffsetLedger ledger,
            DirtyKeys dirty,
            ScriptStore scripts,
            SinkStatus status,
            Inbox inbox,
            boolean checkpointed) {
        this.batch = batch;
        this.ledger = ledger;
        this.dirty = dirty;
        this.scripts = scripts;
        this.status = status;
        this.inbox = inbox;
        this.checkpointed = checkpointed;
    }

    /** Drops what there is, and begins with a session. */
    void begin(Session opened, ResumePoints points) {
        session = opened;
        resume = points;
        filled.clear();
        filledBytes = 0;
        sent.clear();
        sentBytes = 0;
        taken = null;
    }

    boolean isFull() {
        return filled.size() >= batch.maxCommands() || filledBytes >= batch.maxBytes();
    }

    /** Whether nothing is on its way. */
    boolean isSettled() {
        return sent.isEmpty();
    }

    /** Adds a unit, behind whose outcome nothing is planned when it is a barrier. */
    void add(Unit unit) throws ApplyAbortedException, SessionEndedException {
        if (unit.isBarrier() || isFull()) {
            send();
        }
        filled.add(unit);
        filledBytes += unit.bytes();
        if (unit.isBarrier()) {
            apply();
        }
    }

    /** Lets nothing be on its way, and a unit be added that nothing is sent for. */
    void makeRoom() throws ApplyAbortedException, SessionEndedException {
        if (isFull()) {
            send();
        }
        settle();
    }

    /** Sends what is filled, and waits for its outcome. */
    void apply() throws ApplyAbortedException, SessionEndedException {
        send();
        settle();
    }

    /** Sends what is filled, once the outcome of what was sent before is known. */
    void send() throws ApplyAbortedException, SessionEndedException {
        scripts.settle();
        if (filled.isEmpty()) {
            return;
        }
        if (!isSettled()) {
            session.announce(filled);
        }
        settle();
        ledger.advance();
        List<Unit> spare = sent;
        sent = filled;
        sentBytes = filledBytes;
        filled = spare;
        filledBytes = 0;
        session.send(sent, resume);
    }

    /** Hears what came of the window that is on its way. */
    void settle() throws ApplyAbortedException, SessionEndedException {
        if (!sent.isEmpty()) {
            session.settle();
            dirty.settle(sent);
            scripts.settle(sent);
            if (checkpointed) {
                showCheckpoints();
            }
            sent.clear();
            status.applied(0, 0, sentBytes, 0);
        }
        if (taken != null) {
            ledger.advance();
            taken.tell(status, inbox);
            taken = null;
        }
    }

    /** These records are planned, and done as soon as nothing of them is on its way. */
    void finish(TakenRecords planned) throws ApplyAbortedException, SessionEndedException {
        send();
        if (taken != null) {
            settle(); // there was nothing to send
        }
        taken = planned;
        if (isSettled()) {
            settle();
        }
    }

    /** Only the last unit of a stretch from one partition, for it is done for every window. */
    private void showCheckpoints() {
        for (int i = 0; i < sent.size(); i++) {
            Unit unit = sent.get(i);
            if (i + 1 == sent.size() || !unit.partition().equals(sent.get(i + 1).partition())) {
                status.checkpoint(unit.partition(), unit.position());
            }
        }
    }
}
