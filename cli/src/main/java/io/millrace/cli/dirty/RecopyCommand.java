package io.millrace.cli.dirty;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.SourceOptions;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.Deployment;
import io.millrace.cli.server.KeyNotation;
import io.millrace.failure.RedisFailureException;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace recopy}. */
@Command(
        name = "recopy",
        sortOptions = true,
        header = "Copy dirty keys from the source anew, in order with the stream.",
        description = {
            "",
            "Has the source put the whole value of each key into its replication stream, from where it takes the way of"
                    + " every other change: through the log to the target. Writes to these keys may go on meanwhile. The"
                    + " pipeline must run; the command waits until the target has the values.",
            ""
        },
        footer = {
            "",
            "Passwords come from MILLRACE_SOURCE_PASSWORD and MILLRACE_TARGET_PASSWORD, or from files.",
            "",
            "Example:",
            "  millrace recopy --source redis://old:6379 --target redis://new:6379"
        })
public final class RecopyCommand implements Callable<Integer> {
    @Mixin
    private SourceOptions source;

    @Mixin
    private TargetOptions target;

    @Mixin
    private SinkOption sink;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            order = 30,
            description = "A key to copy, dirty or not, as 'millrace dirty' writes it; may be given again. Default: all"
                    + " dirty keys.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--db",
            paramLabel = "N",
            defaultValue = "0",
            order = 31,
            description = "The database of --key at the source (default 0).")
    private int db;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            order = 32,
            description = "How long to wait for the target without any key arriving (default 60).")
    private int waitSeconds;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side from = source.side(environment);
        Side to = target.side(environment);
        try (Deployment at = Deployment.connect(from);
                Deployment there = Deployment.connect(to)) {
            DirtyList list = new DirtyList(there, sink.name);
            Map<DirtyKey, DirtyMark> marks = list.all();
            List<DirtyKey> wanted = wanted(marks);
            DirtyPrinter printer = new DirtyPrinter(terminal);
            if (wanted.isEmpty()) {
                terminal.say("No key of " + sink.name + " is dirty at " + to + ".");
                printer.total("recopied", 0, 0);
                return ExitStatus.OK.code();
            }
            Recopy recopy = new Recopy(new SourceCopy(at), list, terminal, Duration.ofSeconds(waitSeconds));
            Recopy.Outcome outcome = recopy.run(wanted, marks);
            outcome.refused().forEach(printer::print);
            printer.total("recopied", outcome.refused().size() + outcome.waiting(), outcome.mended());
            return end(terminal, outcome);
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        }
    }

    private List<DirtyKey> wanted(Map<DirtyKey, DirtyMark> marks) {
        return keys.isEmpty()
                ? List.copyOf(marks.keySet())
                : keys.stream()
                        .map(key -> new DirtyKey(db, KeyNotation.parse(key)))
                        .distinct()
                        .toList();
    }

    private int end(Terminal terminal, Recopy.Outcome outcome) {
        if (outcome.unmarked() > 0) {
            terminal.say(Quantity.count(outcome.unmarked())
                    + " that were not dirty are on their way; nothing tells when they have arrived.");
        }
        if (!outcome.refused().isEmpty()) {
            throw new Failure(
                    "The target refused " + Quantity.count(outcome.refused().size())
                            + " of the keys again; remove what is in the way, as the replies say, and run the same command again.");
        }
        if (outcome.waiting() > 0) {
            throw new Failure(Quantity.count(outcome.waiting()) + " of the keys did not arrive at the target within "
                    + waitSeconds + " s; check that both connectors run and that --sink " + sink.name
                    + " is the one, as the copies are in the source's stream and arrive when the pipeline gets there.");
        }
        if (outcome.mended() > 0) {
            terminal.say(Quantity.count(outcome.mended()) + (outcome.mended() == 1 ? " key is" : " keys are")
                    + " at the target as at the source again.");
        }
        return ExitStatus.OK.code();
    }
}
