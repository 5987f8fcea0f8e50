package io.millrace.source.publish;

import io.millrace.change.Change;
import io.millrace.source.assemble.ChangeSize;
import java.util.ArrayList;
import java.util.List;

/**
 * Many changes a record, bounded by count and bytes. A batch holds whole units; only a unit larger than a batch is spread
 * over several.
 */
final class Batches implements Grouping {

    private final RecordFactory factory;
    private final int maxChanges;
    private final int maxBytes;

    private List<Change> open = new ArrayList<>();
    private long openBytes;

    /** How many changes at the head of the open batch are whole units, and their bytes. */
    private int whole;

    private long wholeBytes;

    Batches(RecordFactory factory, int maxChanges, int maxBytes) {
        this.factory = factory;
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
    }

    @Override
    public void add(Change change, List<TrackedRecord> records) {
        int bytes = ChangeSize.of(change);
        if (!open.isEmpty() && !sharesOrigin(change)) {
            // An unfinished unit of another history is never finished: it goes out as it is, before what replaces it.
            closeWhole(records);
            closeAll(records);
        }
        if (!open.isEmpty() && (open.size() >= maxChanges || openBytes + bytes > maxBytes)) {
            closeWhole(records);
            if (open.size() >= maxChanges || (!open.isEmpty() && openBytes + bytes > maxBytes)) {
                closeAll(records);
            }
        }
        open.add(change);
        openBytes += bytes;
        if (Units.completes(change)) {
            whole = open.size();
            wholeBytes = openBytes;
        }
    }

    @Override
    public void settle(List<TrackedRecord> records) {
        closeWhole(records);
    }

    private boolean sharesOrigin(Change change) {
        return open.get(0).origin().sameHistory(change.origin());
    }

    private void closeWhole(List<TrackedRecord> records) {
        if (whole == 0) {
            return;
        }
        List<Change> rest = new ArrayList<>(open.subList(whole, open.size()));
        records.add(factory.batch(whole == open.size() ? open : open.subList(0, whole)));
        open = rest;
        openBytes -= wholeBytes;
        whole = 0;
        wholeBytes = 0;
    }

    private void closeAll(List<TrackedRecord> records) {
        if (open.isEmpty()) {
            return;
        }
        records.add(factory.batch(open));
        open = new ArrayList<>();
        openBytes = 0;
        whole = 0;
        wholeBytes = 0;
    }
}
