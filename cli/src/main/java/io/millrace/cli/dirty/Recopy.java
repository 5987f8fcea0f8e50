package io.millrace.cli.dirty;

import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Copies keys at the source, and waits until the sink has taken their marks away. */
final class Recopy {
    private static final long POLL_MILLIS = 200;

    private final SourceCopy source;
    private final DirtyList target;
    private final Terminal terminal;
    private final Duration patience;

    /** @param patience how long to wait without any key arriving */
    Recopy(SourceCopy source, DirtyList target, Terminal terminal, Duration patience) {
        this.source = source;
        this.target = target;
        this.terminal = terminal;
        this.patience = patience;
    }

    /**
     * @param mended keys whose marks are gone
     * @param waiting keys whose marks are as they were
     * @param unmarked keys that were copied and had no mark
     * @param refused keys that were marked anew, with the new mark
     */
    record Outcome(int mended, int waiting, int unmarked, Map<DirtyKey, DirtyMark> refused) {}

    /** @param before the marks of all dirty keys */
    Outcome run(List<DirtyKey> keys, Map<DirtyKey, DirtyMark> before) throws InterruptedException {
        int sent = 0;
        for (DirtyKey key : keys) {
            source.copy(key);
            draw(++sent, keys.size(), "copied at the source");
        }
        List<DirtyKey> waiting = new ArrayList<>(keys);
        waiting.retainAll(before.keySet());
        int marked = waiting.size();
        Map<DirtyKey, DirtyMark> refused = new LinkedHashMap<>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!waiting.isEmpty()) {
            Map<DirtyKey, DirtyMark> now = target.of(waiting);
            int left = waiting.size();
            waiting.removeIf(key -> !now.containsKey(key));
            if (waiting.size() < left) {
                deadline = System.nanoTime() + patience.toNanos();
            }
            draw(marked - waiting.size(), marked, "at the target");
            if (System.nanoTime() > deadline) {
                break;
            }
            if (!waiting.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        if (terminal.interactive()) {
            terminal.endRedraw();
        }
        target.of(waiting).forEach((key, mark) -> {
            if (!mark.equals(before.get(key))) {
                refused.put(key, mark);
            }
        });
        return new Outcome(marked - waiting.size(), waiting.size() - refused.size(), keys.size() - marked, refused);
    }

    private void draw(int done, int all, String where) {
        if (terminal.interactive()) {
            terminal.redraw(Quantity.count(done) + " of " + Quantity.count(all) + " keys " + where);
        }
    }
}
