package io.millrace.source.publish;

import io.millrace.change.Change;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** The records of one shard from poll to poll. Owned by the polling thread. */
final class LaneRecords {

    /** Above this, the records of a unit without an end so far are returned all the same. */
    private static final long HOLD_BYTES = 16L * 1024 * 1024;

    private final Grouping grouping;
    private final Acknowledgements acknowledgements;

    /** The records of this poll, and before them those of a unit whose end did not come yet. */
    private List<TrackedRecord> records = new ArrayList<>();

    private long heldBytes;

    private long bytes;
    private Run passed;
    private boolean touched;

    /** Whether a part of a unit was returned, and the rest was not. */
    private boolean split;

    LaneRecords(Grouping grouping, Acknowledgements acknowledgements) {
        this.grouping = grouping;
        this.acknowledgements = acknowledgements;
    }

    void add(Run run) {
        for (Change change : run.changes()) {
            grouping.add(change, records);
        }
        bytes += run.bytes();
        passed = run.passed() >= 0 ? run : null;
        touched = true;
    }

    /**
     * Gives out the records of what was added.
     *
     * @param whole gets those that end with a unit
     * @param torn gets what is returned of a unit without its end
     * @return whether the records in {@code whole} do not end every unit of which something was returned before
     */
    boolean settle(List<SourceRecord> whole, List<TrackedRecord> torn) {
        if (!touched) {
            return split;
        }
        touched = false;
        grouping.settle(records);
        if (passed != null) {
            acknowledgements.passed(passed.generation(), passed.passed());
        }
        int ends = records.size();
        while (ends > 0 && !records.get(ends - 1).endsUnit()) {
            ends--;
        }
        heldBytes = ends == 0 ? heldBytes + bytes : bytes;
        bytes = 0;
        passed = null;
        whole.addAll(records.subList(0, ends));
        boolean unfinished = split && ends == 0;
        List<TrackedRecord> rest = new ArrayList<>(records.subList(ends, records.size()));
        if (heldBytes > HOLD_BYTES) {
            torn.addAll(rest);
            split = unfinished || !rest.isEmpty();
            records = new ArrayList<>();
        } else {
            split = unfinished;
            records = rest;
        }
        return unfinished;
    }
}
