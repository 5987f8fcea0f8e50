package io.millrace.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.migration.Progress;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.redis.local.LocalServer;
import io.millrace.verify.VerifyReport;
import java.time.Duration;

/** Collects what the demo shows, and prints it at the end. Belongs to one thread. */
final class DemoReport {
    private final Terminal terminal;
    private final long started = System.nanoTime();
    private String servers = "";
    private long begun;
    private Duration copy = Duration.ZERO;
    private Duration catchUp = Duration.ZERO;
    private long lastWrite;
    private long written;
    private long maxLagBytes;
    private Duration maxLag = Duration.ZERO;

    DemoReport(Terminal terminal) {
        this.terminal = terminal;
    }

    void begun(LocalServer source, LocalServer target) {
        servers = source + " to " + target;
        begun = System.nanoTime();
    }

    void copied() {
        copy = since(begun);
    }

    void live(Progress progress) {
        maxLagBytes = Math.max(maxLagBytes, progress.lagBytes().orElse(0));
        Duration lag = progress.lag().orElse(Duration.ZERO);
        maxLag = lag.compareTo(maxLag) > 0 ? lag : maxLag;
    }

    void written(long commands) {
        written = commands;
        lastWrite = System.nanoTime();
    }

    void caughtUp() {
        catchUp = since(lastWrite);
    }

    ExitStatus print(VerifyReport comparison) {
        ExitStatus status = comparison.isEqual() ? ExitStatus.OK : ExitStatus.DIFFERENT;
        if (terminal.json()) {
            printJson(comparison);
            return status;
        }
        terminal.say("");
        terminal.say(terminal.bold("Demo report"));
        line("servers", servers);
        line(
                "keys",
                Quantity.count(comparison.keysCompared()) + " in "
                        + comparison.databases().size() + " databases");
        line("written", Quantity.count(written) + " commands during the migration");
        line("copy", Quantity.seconds(copy));
        line(
                "lag",
                "at most " + Quantity.bytes(maxLagBytes) + ", " + Quantity.seconds(maxLag) + " while live; none "
                        + Quantity.seconds(catchUp) + " after the last write");
        line(
                "result",
                comparison.isEqual()
                        ? terminal.good("equal: every key's type, value and expiry")
                        : terminal.bad(Quantity.count(comparison.differenceCount()) + " differences"));
        line("total", Quantity.seconds(since(started)));
        if (!comparison.isEqual()) {
            comparison.lines().forEach(terminal::say);
        }
        return status;
    }

    private void line(String name, String value) {
        terminal.say(String.format("  %-9s %s", name, value));
    }

    private void printJson(VerifyReport comparison) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode node = mapper.createObjectNode();
        node.put("event", "report");
        node.put("equal", comparison.isEqual());
        node.put("keys", comparison.keysCompared());
        node.put("commandsWritten", written);
        node.put("copyMillis", copy.toMillis());
        node.put("maxLagBytes", maxLagBytes);
        node.put("maxLagMillis", maxLag.toMillis());
        node.put("totalMillis", since(started).toMillis());
        try {
            node.set("comparison", mapper.readTree(comparison.json()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        terminal.out().println(node);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
