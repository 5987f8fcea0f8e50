package io.millrace.cli.plan;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.SourceOptions;
import io.millrace.sizing.Coefficients;
import io.millrace.sizing.Sizing;
import io.millrace.sizing.SizingPlan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace plan}. */
@Command(
        name = "plan",
        sortOptions = true,
        header = "Compute what a migration takes: time, cores, memory, disks.",
        description = {
            "",
            "Says how long a copy takes and what limits it, how many cores, tasks and partitions there should be, how much"
                    + " heap, Kafka's disks and the spool need, and which backlog and buffers the source should have. It starts"
                    + " from figures, from a source that is asked with --source, or from both: an option counts more than what"
                    + " the source says. Nothing is written anywhere, and every figure is printed with its origin.",
            ""
        },
        footer = {
            "",
            "Exits with 0 when the copy fits its window and the writes can be applied, and with 4 when not.",
            "",
            "Examples:",
            "  millrace plan --keys 50000000 --value-bytes 200 --writes-per-second 5000 --round-trip-ms 30 --window 2h",
            "  millrace plan --source redis://old:6379 --round-trip-ms 30"
        })
public final class PlanCommand implements Callable<Integer> {
    private static final int MOST_SAMPLE = 3600;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @ArgGroup(exclusive = false, heading = "%nTo ask a source:%n", order = 1)
    private SourceOptions source;

    @Mixin
    private FigureOptions figures;

    @Option(
            names = "--sample",
            paramLabel = "SECONDS",
            order = 40,
            description = "With --source: how long to watch its writes. Default: 5.")
    private Integer sampleSeconds;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        if (sampleSeconds != null && source == null) {
            throw new Failure(
                    ExitStatus.USAGE, "--sample is given but no --source to watch; name one, or leave --sample out.");
        }
        int seconds = sampleSeconds == null ? 5 : sampleSeconds;
        Amounts.within("--sample", seconds, 1, MOST_SAMPLE);
        Map<String, String> environment = System.getenv();
        SourceFigures asked =
                source == null ? null : SourceFigures.ask(source.side(environment), Duration.ofSeconds(seconds));
        PlanInputs inputs = PlanInputs.of(figures, asked, Coefficients.CURRENT);
        SizingPlan plan = Sizing.plan(inputs.request(), Coefficients.CURRENT);
        List<String> advice = Advice.of(inputs.request(), plan, asked);
        PrintWriter out = spec.commandLine().getOut();
        if (output.terminal(environment).json()) {
            out.println(PlanJson.of(inputs, Coefficients.CURRENT, plan, advice));
        } else {
            PlanText.of(inputs, Coefficients.CURRENT, plan, advice).forEach(out::println);
        }
        out.flush();
        return (plan.tooSlow() ? ExitStatus.DIFFERENT : ExitStatus.OK).code();
    }
}
