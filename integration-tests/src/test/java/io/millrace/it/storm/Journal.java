package io.millrace.it.storm;

import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** What happened when, for whoever watches and for whoever looks for the reason. Any thread. */
final class Journal {

    /** As in the logs of the workers. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final List<String> lines = new ArrayList<>();
    private final PrintStream out;

    Journal(PrintStream out) {
        this.out = out;
    }

    synchronized void note(String what) {
        String line = TIME.format(Instant.now()) + " " + what;
        lines.add(line);
        out.println(line);
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
