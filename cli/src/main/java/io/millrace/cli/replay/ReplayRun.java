package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.connect.ConnectRest;
import io.millrace.cli.migration.ConnectCluster;
import io.millrace.cli.migration.ReplayRecord;
import io.millrace.cli.options.Side;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** One replay from the question whether it is safe to its last line. Belongs to one thread. */
final class ReplayRun {
    private final Terminal terminal;
    private final StopSignal stop;
    private final ConnectCluster cluster;
    private final ConnectRest connect;
    private final String sink;
    private final Side target;
    private final TargetKeys keys;
    private final ReplayRequest request;
    private final AdvancePrinter printer;

    ReplayRun(
            Terminal terminal,
            StopSignal stop,
            ConnectCluster cluster,
            String sink,
            Side target,
            ReplayRequest request) {
        this.terminal = terminal;
        this.stop = stop;
        this.cluster = cluster;
        this.connect = cluster.connect();
        this.sink = sink;
        this.target = target;
        this.keys = new TargetKeys(target);
        this.request = request;
        this.printer = new AdvancePrinter(terminal, Clock.systemUTC());
    }

    /**
     * Sets back, applies and waits.
     *
     * @param config what the sink is to have, save for its end
     * @param earlier a replay that was interrupted; one of the same request goes on
     * @param begun told what to remember once the sink is set back
     */
    ExitStatus run(Map<String, String> config, Optional<ReplayRecord> earlier, Consumer<ReplayRecord> begun)
            throws InterruptedException {
        try (TopicLog log = new TopicLog(cluster.adminConfig())) {
            Map<TopicPartition, LogRange> ranges = log.ranges(topics(config));
            Optional<String> present = keys.any();
            Optional<ReplayPlan> goingOn = present.isEmpty()
                    ? Optional.empty()
                    : earlier.filter(record -> record.request().equals(request.text()))
                            .map(record -> plan(record, ranges));
            ReplayPlan plan = goingOn.orElseGet(() ->
                    new ReplayPlanner(log, ranges, terminal, stop::isWanted).plan(request.from(), request.until()));
            Map<TopicPartition, Long> last = new HashMap<>();
            plan.end()
                    .forEach((partition, end) -> last.put(
                            partition,
                            log.lastBefore(partition, ranges.get(partition), end)
                                    .map(offset -> offset + 1)
                                    .orElse(plan.from().get(partition))));
            try (Replay replay = new Replay(cluster, sink, plan, last)) {
                if (goingOn.isPresent()) {
                    terminal.say("Going on with the replay to " + terminal.bold(target.display()));
                    replay.goOn(config);
                } else {
                    begin(replay, plan, config, present, begun);
                }
                return finish(replay, plan, config);
            }
        }
    }

    private void begin(
            Replay replay,
            ReplayPlan plan,
            Map<String, String> config,
            Optional<String> present,
            Consumer<ReplayRecord> begun)
            throws InterruptedException {
        requireSafe(plan, present);
        Replay.stop(connect, sink);
        if (request.flush()) {
            keys.flush();
        } else if (!request.twice()) {
            // The sink ran until now: what it has written since the first look counts as well.
            keys.any().ifPresent(key -> {
                connect.resume(sink);
                throw doubled(key);
            });
        }
        terminal.say("Replaying to " + terminal.bold(target.display()) + " from " + plan.description()
                + (plan.endsThere() ? " until " + Partitions.text(plan.end()) : ""));
        replay.rewind(config);
        // Not before: a record of a replay that was never begun would let the next one go on with nothing.
        begun.accept(new ReplayRecord(request.text(), named(plan.from()), named(plan.end()), plan.endsThere()));
        replay.resume();
    }

    private void requireSafe(ReplayPlan plan, Optional<String> present) {
        boolean empty = present.isEmpty() || request.flush();
        if (empty && !plan.whole()) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    "No complete snapshot begins at " + plan.description() + ", and the target " + target
                            + (request.flush() ? " would be" : " is")
                            + " empty: all keys that were not written later would be missing. Rebuild it with"
                            + " --from-start.");
        }
        if (!empty && !request.twice()) {
            throw doubled(present.get());
        }
    }

    private Failure doubled(String key) {
        return new Failure(
                ExitStatus.REFUSED,
                "The target " + target + " holds keys (such as " + key
                        + "), to which commands like INCR and RPUSH would"
                        + " be applied a second time; empty it with --flush-target, or say --apply-twice if the log"
                        + " only ever states whole values.");
    }

    private ExitStatus finish(Replay replay, ReplayPlan plan, Map<String, String> config) throws InterruptedException {
        Advance advance;
        try {
            advance = replay.follow(stop, printer::show);
        } finally {
            printer.finish();
        }
        boolean stays = !cluster.isEmbedded() && !(advance.isComplete() && plan.endsThere());
        if (!stays) {
            Replay.stop(connect, sink);
        }
        if (!cluster.isEmbedded() && advance.isComplete() && plan.endsThere()) {
            Map<String, String> open = new HashMap<>(config);
            open.remove(Replay.UNTIL);
            connect.putConfig(sink, open);
        }
        report(advance, plan);
        return advance.isComplete() ? ExitStatus.OK : ExitStatus.INTERRUPTED;
    }

    private void report(Advance advance, ReplayPlan plan) {
        if (terminal.json()) {
            terminal.out()
                    .println(AdvanceText.ended(advance, plan, Clock.systemUTC().instant()));
        } else if (!advance.isComplete()) {
            terminal.say("Stopped after " + Quantity.count(advance.done()) + " of " + Quantity.count(advance.total())
                    + " records. "
                    + (cluster.isEmbedded() ? "The same command goes on." : "The sink goes on in Connect."));
        } else {
            terminal.say(terminal.good("Done") + ": " + Quantity.count(advance.total()) + " records are applied, up to "
                    + Partitions.text(plan.end()) + ". " + next(plan));
        }
    }

    private String next(ReplayPlan plan) {
        if (cluster.isEmbedded()) {
            return "'millrace migrate' with this data directory and target goes on with the source.";
        }
        return plan.endsThere()
                ? "The sink is stopped; resume it in Connect to apply what came later."
                : "The sink goes on with what comes next.";
    }

    private static List<String> topics(Map<String, String> config) {
        String topics = config.getOrDefault("topics", "");
        if (topics.isBlank()) {
            throw new Failure(
                    ExitStatus.REFUSED,
                    "The sink names its topics by a pattern (topics.regex), and a replay needs to know them; name them in"
                            + " the sink's option topics.");
        }
        return Arrays.stream(topics.split(",")).map(String::strip).toList();
    }

    private static Map<String, Long> named(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
    }

    private static ReplayPlan plan(ReplayRecord record, Map<TopicPartition, LogRange> ranges) {
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, Long> end = new HashMap<>();
        ranges.forEach((partition, range) -> {
            from.put(partition, record.from().getOrDefault(partition.toString(), range.first()));
            end.put(partition, record.end().getOrDefault(partition.toString(), range.end()));
        });
        return new ReplayPlan(from, end, record.endsThere(), true, "an earlier replay");
    }
}
