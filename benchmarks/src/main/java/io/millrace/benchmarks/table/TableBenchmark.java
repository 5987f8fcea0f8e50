package io.millrace.benchmarks.table;

import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command behind {@code scripts/benchmark table}. */
public final class TableBenchmark {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private TableBenchmark() {}

    /** The first argument is the script that starts Millrace; the others are the user's. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        TableOptions options;
        try {
            options = TableOptions.parse(List.of(arguments).subList(1, arguments.length));
        } catch (BenchmarkFailure e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(USAGE);
            return;
        }
        try {
            System.exit(run(Path.of(arguments[0]), options, System.out, System.err) ? 0 : FAILED);
        } catch (BenchmarkFailure e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static boolean run(Path launcher, TableOptions options, PrintStream out, PrintStream log)
            throws IOException, InterruptedException {
        ServerVersion version = ServerVersion.standard();
        Machine machine = Machine.here(version.toString());
        out.println(machine.sentence());
        if (!machine.isQuiet()) {
            out.println(
                    "This machine is not quiet: others share its cores, so trust no figure here but the CPU times.");
        }
        if (options.soakMinutes() > 0) {
            return new Soak(version, launcher, options, out).run();
        }
        Results results = new Results();
        Round round = new Round(version, launcher, options, results, log);
        for (int i = 1; i <= options.rounds(); i++) {
            log.println("Round " + i + " of " + options.rounds());
            for (Work work : options.works()) {
                // Both in turns, so that what changes on the machine meets both. A server is no replica of a cluster.
                boolean sameData = work == Work.CLUSTER || work == Work.SINGLE;
                if (!sameData) {
                    round.run(work, true);
                } else if (!options.works().contains(Work.STANDALONE)) {
                    round.run(Work.STANDALONE, true);
                }
                round.run(work, false);
            }
        }
        report(machine, options, results.rows(), out);
        return true;
    }

    private static void report(Machine machine, TableOptions options, List<Row> rows, PrintStream out)
            throws IOException {
        out.println();
        TextTable.lines(rows).forEach(out::println);
        if (options.json() != null) {
            JsonReport.write(options.json(), machine, options, rows);
        }
        if (options.chart() != null) {
            Files.writeString(options.chart(), Chart.svg(rows, machine.sentence()));
        }
    }
}
