package io.millrace.benchmarks.scale;

import io.millrace.benchmarks.table.BenchmarkFailure;
import io.millrace.benchmarks.table.Machine;
import io.millrace.benchmarks.table.Stage;
import io.millrace.redis.local.ServerVersion;
import io.millrace.sizing.SizingPlan;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The command behind {@code scripts/benchmark scale}. */
public final class ScaleBenchmark {
    private static final int USAGE = 2;
    private static final int FAILED = 1;

    private ScaleBenchmark() {}

    /** The first argument is the script that starts Millrace; the others are the user's. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ScaleOptions options;
        try {
            options = ScaleOptions.parse(List.of(arguments).subList(1, arguments.length));
        } catch (BenchmarkFailure e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(USAGE);
            return;
        }
        try {
            run(Path.of(arguments[0]), options, System.out, System.err);
        } catch (BenchmarkFailure e) {
            System.err.println("benchmark: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static void run(Path launcher, ScaleOptions options, PrintStream out, PrintStream log)
            throws IOException, InterruptedException {
        ServerVersion version = ServerVersion.standard();
        Machine machine = Machine.here(version.toString());
        out.println(machine.sentence());
        if (!machine.isQuiet()) {
            out.println("This machine is not quiet; what is predicted counts with the cores that others left.");
        }
        ScaleRun run = new ScaleRun(launcher, options, version);
        List<String> lines = new ArrayList<>();
        for (ScaleCase scale : options.cases()) {
            log.println(scale.text());
            Measured measured = run.run(scale);
            stages(log, "copy", measured.copyStages());
            stages(log, "stream", measured.streamStages());
            log.printf(Locale.ROOT, "  %.0f bytes a key in Kafka%n", measured.logBytes());
            lines.add(line(scale, options.keys(), measured));
            log.println("  " + lines.get(lines.size() - 1));
        }
        out.println();
        out.println("| arrangement | cores | copy, keys/s | predicted | limit | stream, commands/s | predicted | limit"
                + " | idle lag, ms | predicted |");
        out.println("|---|---|---|---|---|---|---|---|---|---|");
        lines.forEach(out::println);
    }

    private static String line(ScaleCase scale, int keys, Measured measured) {
        SizingPlan copy = Predicted.copy(scale, keys, measured.copyCores());
        SizingPlan stream = Predicted.stream(scale, keys, measured.streamCores());
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %,.0f | %,.0f | %s | %,.0f | %,.0f | %s | %.0f | %.0f |",
                scale.text(),
                measured.copyCores(),
                measured.copyPerSecond(),
                copy.copy().pace().perSecond(),
                copy.copy().pace().limit().text(),
                measured.streamPerSecond(),
                stream.stream().pace().perSecond(),
                stream.stream().pace().limit().text(),
                measured.lagMillis(),
                stream.stream().lagMillis());
    }

    private static void stages(PrintStream log, String what, Map<Stage, Double> stages) {
        StringBuilder text = new StringBuilder();
        stages.forEach((stage, micros) ->
                text.append(String.format(Locale.ROOT, " %s %.2f", stage.name().toLowerCase(Locale.ROOT), micros)));
        log.println("  us each, " + what + ":" + text);
    }
}
