package io.millrace.cli.verify;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.SourceOptions;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.RedisFailureException;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.Progress;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace verify}. */
@Command(
        name = "verify",
        header = "Compare two keyspaces key by key.",
        description = {
            "",
            "Reads every key of both sides and compares database, type, value and expiry, and functions. Nothing is written."
                    + " It may run while a migration is live: a key that differs is looked at again before it is reported.",
            ""
        },
        footer = {
            "",
            "Exits with 0 when both sides are equal and with 4 when they differ.",
            "",
            "Example:",
            "  millrace verify --source redis://old:6379 --target redis://new:6379"
        })
public final class VerifyCommand implements Callable<Integer> {
    @Mixin
    private SourceOptions source;

    @Mixin
    private TargetOptions target;

    @Option(
            names = "--expiry-tolerance",
            paramLabel = "MS",
            defaultValue = "0",
            order = 40,
            description = "How far two expiries may lie apart, in milliseconds (default 0).")
    private long expiryToleranceMillis;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            order = 41,
            description = "How often a difference is looked at, half a second apart, before it counts (default 3).")
    private int rounds;

    @Option(
            names = "--max-differences",
            paramLabel = "N",
            defaultValue = "100",
            order = 42,
            description = "How many differences are printed; all are counted (default 100).")
    private int maxDifferences;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        KeyspaceComparison comparison = new KeyspaceComparison(
                endpoint(source.side(environment)), endpoint(target.side(environment)), options());
        try {
            VerifyReport report = comparison.run(progress -> draw(terminal, progress));

            print(terminal, report);
            return (report.isEqual() ? ExitStatus.OK : ExitStatus.DIFFERENT).code();
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        }
    }

    private VerifyOptions options() {
        try {
            return VerifyOptions.defaults()
                    .withExpiryTolerance(Duration.ofMillis(expiryToleranceMillis))
                    .withRounds(rounds, Duration.ofMillis(500))
                    .withMaxDifferences(maxDifferences);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitStatus.USAGE, e.getMessage());
        }
    }

    private static RedisEndpoint endpoint(Side side) {
        return side.endpoint(Prechecks.requireTopology(side));
    }

    private static void draw(Terminal terminal, Progress progress) {
        if (terminal.interactive()) {
            terminal.redraw(progress.phase().name().toLowerCase(Locale.ROOT) + "  " + Quantity.count(progress.keys())
                    + " of " + Quantity.count(progress.total()) + " keys, " + Quantity.count(progress.differences())
                    + " differences");
        }
    }

    private static void print(Terminal terminal, VerifyReport report) {
        if (terminal.json()) {
            terminal.out().println(report.json());
            return;
        }
        if (terminal.interactive()) {
            terminal.endRedraw();
        }
        report.lines().forEach(terminal::say);
    }
}
