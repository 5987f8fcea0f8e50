package io.millrace.sink;

import io.millrace.change.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records whose changes are planned, and what is to be told when they are applied. */
final class TakenRecords {

    private final List<RecordTicket> tickets = new ArrayList<>();
    private long changes;
    private long entries;
    private long repeated;
    private Map<String, Change> reached = Map.of();

    boolean isEmpty() {
        return tickets.isEmpty();
    }

    int size() {
        return tickets.size();
    }

    void add(RecordTicket ticket) {
        tickets.add(ticket);
    }

    List<RecordTicket> tickets() {
        return tickets;
    }

    /** A change is among them that an earlier task has not applied. */
    void count(boolean wholeEntry) {
        changes++;
        entries += wholeEntry ? 1 : 0;
    }

    /**
     * No more come.
     *
     * @param repeatedChanges how many changes were there before, by their source position
     * @param last the last change of each shard
     */
    void end(long repeatedChanges, Map<String, Change> last) {
        repeated = repeatedChanges;
        reached = last;
    }

    /** All of them are applied, or wait with an open transaction or value that other records complete. */
    void tell(SinkStatus status, Inbox inbox) {
        int doneChanges = 0;
        long doneBytes = 0;
        for (RecordTicket ticket : tickets) {
            ticket.forget();
            doneChanges += ticket.changes();
            doneBytes += ticket.bytes();
        }
        status.applied(changes, entries, 0, repeated);
        reached.values().forEach(status::reached);
        inbox.finished(doneChanges, doneBytes);
    }
}
