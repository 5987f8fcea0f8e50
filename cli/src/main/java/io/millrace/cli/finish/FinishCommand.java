package io.millrace.cli.finish;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.dirty.SinkOption;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.Deployment;
import io.millrace.cli.server.Expiries;
import io.millrace.failure.RedisFailureException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace finish}. */
@Command(
        name = "finish",
        sortOptions = true,
        header = "Remove what Millrace has written for itself at the target.",
        description = {
            "",
            "When a migration has done its work: removes the sink's checkpoints and notes, which are keys that begin with"
                    + " __millrace:, and leaves every other key. Expiries that were put off get their exact time."
                    + " The pipeline cannot go on after it; it would begin"
                    + " with what its consumer group has committed, and apply some changes twice.",
            ""
        },
        footer = {"", "Example:", "  millrace finish --target redis://new:6379 --yes"})
public final class FinishCommand implements Callable<Integer> {
    @Mixin
    private TargetOptions target;

    @Mixin
    private SinkOption sink;

    @Option(
            names = "--all",
            order = 30,
            description = "Remove the keys of every sink that has written to this target, not of --sink alone.")
    private boolean all;

    @Option(names = "--yes", order = 31, description = "Remove them. Without it, the command only says what there is.")
    private boolean yes;

    @Option(
            names = "--force",
            order = 32,
            description = "Remove them although a sink is still connected to the target.")
    private boolean force;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side to = target.side(environment);
        try (Deployment deployment = Deployment.connect(to)) {
            OwnKeys keys = new OwnKeys(deployment);
            List<OwnKeys.Found> found = keys.all();
            boolean alone = found.stream().allMatch(key -> OwnKeys.isOf(key, sink.name) || OwnKeys.isPart(key));
            List<OwnKeys.Found> chosen = found.stream()
                    .filter(key -> all || OwnKeys.isOf(key, sink.name) || (alone && OwnKeys.isPart(key)))
                    .toList();
            if (!yes && !chosen.isEmpty()) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        Quantity.count(chosen.size()) + " keys of " + (all ? "all sinks" : sink.name) + " are at " + to
                                + "; give --yes to remove them.");
            }
            if (!force && !chosen.isEmpty()) {
                requireNobody(terminal, deployment);
            }
            if (yes) {
                Expiries.settle(to, terminal);
            }
            long removed = keys.remove(chosen);
            report(terminal, to, removed, found.size() - chosen.size());
            return ExitStatus.OK.code();
        } catch (RedisFailureException e) {
            throw new Failure(e.getMessage());
        }
    }

    private static void requireNobody(Terminal terminal, Deployment deployment) {
        Optional<Set<String>> open = OpenSinks.at(deployment);
        if (open.isEmpty()) {
            terminal.warn("Whether a sink is still connected cannot be told, as the user may not ask CLIENT LIST.");
        } else if (!open.get().isEmpty()) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    "Something of Millrace is still connected to the target, from "
                            + String.join(", ", open.get())
                            + "; stop the sink first, or give --force.");
        }
    }

    private void report(Terminal terminal, Side to, long removed, int left) {
        if (terminal.json()) {
            ObjectNode node = new ObjectMapper().createObjectNode();
            node.put("event", "finished");
            node.put("removed", removed);
            node.put("left", left);
            terminal.out().println(node);
            return;
        }
        terminal.say(
                removed == 0
                        ? "There is nothing of " + (all ? "Millrace" : sink.name) + " at " + to + "."
                        : Quantity.count(removed) + " keys were removed from " + to + ".");
        if (left > 0) {
            terminal.say(Quantity.count(left) + " keys of other sinks stay; --all removes them, too.");
        }
    }
}
