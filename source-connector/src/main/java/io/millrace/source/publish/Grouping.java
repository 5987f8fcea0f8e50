package io.millrace.source.publish;

import io.millrace.change.Change;
import java.util.List;

/** How changes are put into records (setting {@code record.grouping}). Owned by the polling thread. */
interface Grouping {

    void add(Change change, List<TrackedRecord> records);

    /** The wire has nothing more to give for now: all but an incomplete unit becomes records. */
    void settle(List<TrackedRecord> records);
}
