package io.millrace.source.publish;

import io.millrace.change.Change;
import java.util.List;

/** One record a change. */
final class Singles implements Grouping {

    private final RecordFactory factory;

    Singles(RecordFactory factory) {
        this.factory = factory;
    }

    @Override
    public void add(Change change, List<TrackedRecord> records) {
        records.add(factory.single(change));
    }

    @Override
    public void settle(List<TrackedRecord> records) {
        // nothing is ever held back
    }
}
