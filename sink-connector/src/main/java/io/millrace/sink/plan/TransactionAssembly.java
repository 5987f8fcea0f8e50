package io.millrace.sink.plan;

import io.millrace.change.TransactionMark;
import java.util.ArrayList;
import java.util.List;

/** One MULTI…EXEC of the source in the making. It stays in memory until its last change, or until it is too large. */
final class TransactionAssembly {

    private final long id;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<Ticket> held = new ArrayList<>();
    private int next;
    private long bytes;

    TransactionAssembly(TransactionMark first) {
        this.id = first.id();
        this.next = first.index();
    }

    boolean isSame(TransactionMark mark) {
        return id == mark.id();
    }

    boolean expects(TransactionMark mark) {
        return id == mark.id() && next == mark.index();
    }

    void add(List<Draft> commands, Ticket ticket) {
        next++;
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

    /** It went out in part; what follows is its rest. */
    void clear() {
        drafts.clear();
        held.clear();
        bytes = 0;
    }
}
