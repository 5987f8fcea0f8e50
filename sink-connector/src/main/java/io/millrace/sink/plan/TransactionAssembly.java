package io.millrace.sink.plan;

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
    private int next;
    private long bytes;

    /** @param issuedBefore how many of its changes have gone out already, before the source began it again */
    TransactionAssembly(TransactionMark mark, Ticket first, int issuedBefore) {
        this.id = mark.id();
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

    void add(List<Draft> commands, Ticket ticket) {
        if (next++ < issuedBefore) {
            return;
        }
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
        bytes = 0;
    }
}
