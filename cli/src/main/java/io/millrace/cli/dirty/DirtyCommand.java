package io.millrace.cli.dirty;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.Deployment;
import io.millrace.failure.RedisFailureException;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace dirty}. */
@Command(
        name = "dirty",
        sortOptions = true,
        header = "List the keys that a refused change has left wrong.",
        description = {
            "",
            "Where the target refuses a change and the sink may go on without it (errors.tolerance=all), the keys of that"
                    + " change are noted at the target. 'millrace recopy' copies them from the source anew.",
            ""
        },
        footer = {
            "",
            "Exits with 0 when no key is dirty and with 4 when some are.",
            "",
            "Example:",
            "  millrace dirty --target redis://new:6379"
        })
public final class DirtyCommand implements Callable<Integer> {
    @Mixin
    private TargetOptions target;

    @Mixin
    private SinkOption sink;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side to = target.side(environment);
        try (Deployment deployment = Deployment.connect(to)) {
            Map<DirtyKey, DirtyMark> marks = new DirtyList(deployment, sink.name).all();
            terminal.say(
                    marks.isEmpty()
                            ? "No key of " + sink.name + " is dirty at " + to + "."
                            : Quantity.count(marks.size()) + (marks.size() == 1 ? " key" : " keys") + " of " + sink.name
                                    + " at " + to + " had a change refused:");
            DirtyPrinter printer = new DirtyPrinter(terminal);
            marks.forEach(printer::print);
            printer.total("dirty-keys", marks.size(), 0);
            return (marks.isEmpty() ? ExitStatus.OK : ExitStatus.DIFFERENT).code();
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        }
    }
}
