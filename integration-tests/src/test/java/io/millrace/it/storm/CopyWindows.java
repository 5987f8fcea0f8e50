package io.millrace.it.storm;

import io.millrace.change.Change;
import io.millrace.change.Mark;
import java.util.ArrayList;
import java.util.List;

/** When full copies were applied, as the log and the commits show it: while one is, values are replaced key by key. */
final class CopyWindows {

    /** Times since the epoch. */
    record Window(long fromMillis, long toMillis) {
        boolean holds(long millis) {
            return fromMillis <= millis && millis <= toMillis;
        }
    }

    private final List<Window> windows = new ArrayList<>();
    private int copies;

    static CopyWindows of(KafkaLog log, CommitTimes commits) {
        CopyWindows windows = new CopyWindows();
        List<Long> begun = new ArrayList<>();
        log.read(0, (record, index, change) -> windows.pass(record.offset(), change, begun, commits));
        begun.forEach(from -> windows.windows.add(new Window(from, Long.MAX_VALUE)));
        return windows;
    }

    private void pass(long offset, Change change, List<Long> begun, CommitTimes commits) {
        if (change instanceof Mark mark && mark.meaning() == Mark.Meaning.SNAPSHOT_BEGIN) {
            copies++;
            begun.add(mark.origin().capturedAt());
        } else if (change instanceof Mark mark && mark.meaning() == Mark.Meaning.SNAPSHOT_END) {
            long committed = commits.committedAt(offset);
            begun.forEach(from -> windows.add(new Window(from, committed)));
            begun.clear();
        }
    }

    /** Full copies that the log holds, the first one included. */
    int copies() {
        return copies;
    }

    boolean hold(long millis) {
        return windows.stream().anyMatch(window -> window.holds(millis));
    }
}
