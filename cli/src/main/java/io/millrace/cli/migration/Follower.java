package io.millrace.cli.migration;

import io.millrace.change.Position;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.StopSignal;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Follows a migration to its end and shows it. Belongs to one thread. */
final class Follower {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final StopSignal stop;
    private final ProgressPrinter printer;
    private final InstantSource clock;

    Follower(Terminal terminal, StopSignal stop, InstantSource clock) {
        this.terminal = terminal;
        this.stop = stop;
        this.clock = clock;
        this.printer = new ProgressPrinter(terminal, clock);
    }

    /**
     * @param ownsConnectors true when the connectors end with this process; else Ctrl-C leaves them at work
     * @return OK after a full copy, INTERRUPTED after a stop
     */
    ExitStatus follow(Migration migration, boolean ownsConnectors, boolean fullOnly, Duration drain)
            throws InterruptedException {
        long began = clock.millis();
        boolean announced = false;
        try {
            migration.start();
            while (!stop.isWanted()) {
                Progress progress = migration.watch();
                if (migration.isSnapshotApplied() && !announced) {
                    announced = true;
                    printer.finish();
                    terminal.say(terminal.good("The copy is at the target") + " after "
                            + Quantity.seconds(Duration.ofMillis(clock.millis() - began))
                            + (fullOnly ? "." : "; changes follow live. Ctrl-C stops."));
                    if (fullOnly) {
                        break;
                    }
                }
                printer.show(progress);
                stop.pause(TICK);
            }
            if (!ownsConnectors && !fullOnly) {
                printer.finish();
                terminal.say("The connectors go on in Connect; run the same command to watch them again.");
                return ExitStatus.INTERRUPTED;
            }
            Migration.Drained drained = migration.drain(drain, printer::show);
            printer.finish();
            if (!ownsConnectors) {
                migration.stopSink();
            }
            boolean finished = fullOnly && announced;
            report(drained, finished);
            return finished ? ExitStatus.OK : ExitStatus.INTERRUPTED;
        } finally {
            printer.finish();
        }
    }

    private void report(Migration.Drained drained, boolean finished) {
        String where = describe(drained.positions());
        if (terminal.json()) {
            terminal.out().println(ProgressText.stopped(drained, clock.instant()));
        } else if (finished) {
            terminal.say("Done: the target has the whole copy. The source was read up to " + where + ".");
        } else if (drained.recordsLeft() == 0) {
            terminal.say(
                    "Stopped at " + where + "; everything up to there is at the target. The same command goes on.");
        } else {
            terminal.say("Stopped at " + where + "; " + Quantity.count(drained.recordsLeft())
                    + " records wait in the log. The same command goes on.");
        }
    }

    private static String describe(SortedMap<String, Position> positions) {
        if (positions.isEmpty()) {
            return "before the first stored position";
        }
        return positions.entrySet().stream()
                .map(shard ->
                        describe(shard.getValue()) + (shard.getKey().isEmpty() ? "" : " of shard " + shard.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String describe(Position position) {
        if (position.isScan()) {
            return (position.inSnapshot() ? "an unfinished scan" : "the end of its scan") + " (generation "
                    + position.generation() + ")";
        }
        return position.inSnapshot()
                ? "an unfinished snapshot (generation " + position.generation() + ", copied anew)"
                : "source offset " + Quantity.count(position.offset()) + " (generation " + position.generation() + ")";
    }
}
