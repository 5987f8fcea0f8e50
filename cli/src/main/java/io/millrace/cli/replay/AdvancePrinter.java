package io.millrace.cli.replay;

import io.millrace.cli.output.Terminal;
import java.time.Duration;
import java.time.InstantSource;

/** Shows how far a replay is, as suits the reader. Belongs to one thread. */
final class AdvancePrinter {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final InstantSource clock;
    private long nextLine;
    private boolean drawing;

    AdvancePrinter(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    void show(Advance advance) {
        if (terminal.json()) {
            terminal.out().println(AdvanceText.json(advance, clock.instant()));
        } else if (terminal.interactive()) {
            terminal.redraw(AdvanceText.line(advance));
            drawing = true;
        } else if (clock.millis() >= nextLine || advance.isComplete()) {
            terminal.out().println(AdvanceText.line(advance));
            nextLine = clock.millis() + BETWEEN_LINES.toMillis();
        }
    }

    /** Ends a line that is being drawn, so that others can follow. */
    void finish() {
        if (drawing) {
            terminal.endRedraw();
            drawing = false;
        }
    }
}
