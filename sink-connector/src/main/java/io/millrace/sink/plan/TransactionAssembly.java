package io.millrace.sink.plan;

import io.millrace.change.Command;
import io.millrace.change.TransactionMark;
import java.util.ArrayList;
import java.util.List;

/**
 * One MULTI…EXEC of the source in the making. It stays in memory until its last change, or until it is too large and goes out
 * in pieces. Its first record stays open until its end, so that a repetition begins there and gives the same pieces.
 */
final class TransactionAssembly {

    private final long id;
    private final Ticket first;
    private final int issuedBefore;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Ticket> held = new ArrayList<>();
    /** What the transaction's changes since the last piece are, from {@link #base} on, and how many drafts came before each. */
    private final List<Command> changes = new ArrayList<>();

    private final List<Integer> draftsBefore = new ArrayList<>();
    private final int began;
    private int base;
    private int next;
    private long bytes;

    /** @param issuedBefore how many of its changes have gone out already, before the source began it again */
    TransactionAssembly(TransactionMark mark, Ticket first, int issuedBefore) {
        this.id = mark.id();
        this.began = mark.index();
        this.base = mark.index();
        this.next = mark.index();
        this.first = first;
        this.issuedBefore = issuedBefore;
        first.hold();
    }

    boolean isSame(TransactionMark mark) {
        return id == mark.id();
    }

    boolean expects(TransactionMark mark) {
        return id == mark.id() && next == mark.index();
    }

    /**
     * Whether the change is here already, or gone out: after a restart, or while two tasks of the source run at once, the
     * transaction comes again, perhaps before it is complete.
     */
    boolean holds(TransactionMark mark, Command command) {
        int i = mark.index() - base;
        return i < 0
                ? mark.index() >= began
                : i < changes.size() && changes.get(i).equals(command);
    }

    /** Whether a change can take the place of one that is here and is not the same: the transaction was divided otherwise. */
    boolean reaches(TransactionMark mark) {
        return mark.index() >= base && mark.index() < next;
    }

    /** Forgets this change and those after it. */
    void goBackTo(TransactionMark mark) {
        int i = mark.index() - base;
        for (Draft draft : drafts.subList(draftsBefore.get(i), drafts.size())) {
            bytes -= draft.command().bytes();
        }
        held.subList(i, held.size()).forEach(Ticket::release);
        drafts.subList(draftsBefore.get(i), drafts.size()).clear();
        held.subList(i, held.size()).clear();
        changes.subList(i, changes.size()).clear();
        draftsBefore.subList(i, draftsBefore.size()).clear();
        next = mark.index();
    }

    void add(Command change, List<Draft> commands, Ticket ticket) {
        if (next++ < issuedBefore) {
            base = next;
            return;
        }
        changes.add(change);
        draftsBefore.add(drafts.size());
        ticket.hold();
        held.add(ticket);
        for (Draft draft : commands) {
            drafts.add(draft);
            bytes += draft.command().bytes();
        }
    }

    long bytes() {
        return bytes;
    }

    List<Draft> drafts() {
        return drafts;
    }

    /** The records that it keeps open, once for each change. */
    List<Ticket> held() {
        return held;
    }

    /** Those that end with the transaction's last change. */
    List<Ticket> ends() {
        List<Ticket> ends = new ArrayList<>(held);
        ends.add(first);
        return ends;
    }

    /** How many of its changes are in what {@link #drafts} and the pieces before give. */
    int taken() {
        return Math.max(next, issuedBefore);
    }

    void abandon() {
        ends().forEach(Ticket::release);
    }

    /** It went out in part; what follows is its rest. */
    void clear() {
        drafts.clear();
        held.clear();
        changes.clear();
        draftsBefore.clear();
        base = next;
        bytes = 0;
    }
}
