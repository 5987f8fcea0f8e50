package io.millrace.cli.migration;

import io.millrace.cli.output.Terminal;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Shows progress as suits the reader: one line that changes in place on a terminal, a line now and then elsewhere, a JSON
 * object a second for machines. Belongs to one thread.
 */
public final class ProgressPrinter {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final InstantSource clock;
    private Progress.Phase lastPhase;
    private long lastLineMillis;
    private boolean drawing;

    public ProgressPrinter(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    public void show(Progress progress) {
        if (terminal.json()) {
            terminal.out().println(ProgressText.json(progress, clock.instant()));
        } else if (terminal.interactive()) {
            if (lastPhase != null && lastPhase != progress.phase()) {
                finish();
            }
            terminal.redraw(ProgressText.line(progress));
            drawing = true;
        } else if (lastPhase != progress.phase() || clock.millis() - lastLineMillis >= BETWEEN_LINES.toMillis()) {
            terminal.out().println(ProgressText.line(progress));
            lastLineMillis = clock.millis();
        }
        lastPhase = progress.phase();
    }

    /** Ends a line that is being drawn, so that others can follow. */
    public void finish() {
        if (drawing) {
            terminal.endRedraw();
            drawing = false;
        }
    }
}
