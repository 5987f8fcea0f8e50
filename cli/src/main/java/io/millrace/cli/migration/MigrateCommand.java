package io.millrace.cli.migration;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.SourceOptions;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.precheck.CheckResult;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.cli.server.Expiries;
import io.millrace.endpoint.Topology;
import io.millrace.failure.RedisFailureException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace migrate}. */
@Command(
        name = "migrate",
        sortOptions = true,
        header = "Copy one Redis or Valkey to another, live.",
        description = {
            "",
            "Copies all keys of the source to the target, then follows the source and applies every change as it happens,"
                    + " until you press Ctrl-C. Nothing has to be set up: a Kafka broker and a Connect worker run inside this"
                    + " command. The same command again goes on where it stopped, also after a crash.",
            ""
        },
        footer = {
            "",
            "Passwords come from MILLRACE_SOURCE_PASSWORD and MILLRACE_TARGET_PASSWORD, or from files.",
            "",
            "Example:",
            "  millrace migrate --source redis://old:6379 --target redis://new:6379"
        })
public final class MigrateCommand implements Callable<Integer> {
    @Mixin
    private SourceOptions source;

    @Mixin
    private TargetOptions target;

    @Mixin
    private RunOptions run;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        run.check();
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side from = source.side(environment);
        Side to = target.side(environment);
        warnOfVisiblePassword(terminal, from);
        warnOfVisiblePassword(terminal, to);
        // Before anything is asked or started.
        run.more();
        if (run.printConfig) {
            return printConfig(terminal, from, to).code();
        }
        try (StopSignal stop = StopSignal.install(Duration.ofSeconds(run.drainTimeoutSeconds + 60L))) {
            ExitStatus status =
                    run.remote == null ? embedded(terminal, stop, from, to) : remote(terminal, stop, from, to);
            return status.code();
        }
    }

    private ExitStatus printConfig(Terminal terminal, Side from, Side to) {
        Topology topology;
        try {
            topology = Prechecks.topology(to);
        } catch (RedisFailureException e) {
            topology = to.uri().isSentinel()
                    ? Topology.SENTINEL
                    : to.uri().addresses().size() > 1 ? Topology.CLUSTER : Topology.STANDALONE;
            terminal.warn("The target " + to + " does not answer, so "
                    + topology.name().toLowerCase(Locale.ROOT) + " is a guess from its number of addresses.");
        }
        int masters = mastersToPrint(terminal, from);
        MigrationPlan plan = (run.remote == null
                        ? Plans.embedded(run.more(), from, masters, to, topology, SpoolPlace.in(directory(from, to)))
                        : Plans.remote(run.remote, run.more(), from, masters, to, topology))
                .with(run);
        terminal.out()
                .println("[" + ConnectorConfigs.json(plan.sourceConnector(), ConnectorConfigs.source(plan)) + ",");
        terminal.out().println(ConnectorConfigs.json(plan.sinkConnector(), ConnectorConfigs.sink(plan)) + "]");
        return ExitStatus.OK;
    }

    private static int mastersToPrint(Terminal terminal, Side from) {
        try {
            return Prechecks.clusterMasters(from);
        } catch (RedisFailureException e) {
            boolean cluster = !from.uri().isSentinel() && from.uri().addresses().size() > 1;
            terminal.warn("The source " + from + " does not answer, so "
                    + (from.uri().isSentinel() ? "sentinel" : cluster ? "cluster" : "standalone")
                    + " is a guess from its number of addresses.");
            return cluster ? from.uri().addresses().size() : 0;
        }
    }

    private ExitStatus embedded(Terminal terminal, StopSignal stop, Side from, Side to) throws InterruptedException {
        try (DataDirectory directory = DataDirectory.open(directory(from, to))) {
            MigrationRecord record = new MigrationRecord(from.display(), to.display(), false);
            Optional<MigrationRecord> begun = MigrationRecord.read(directory.root());
            begun.ifPresent(earlier -> earlier.requireSame(record, directory.root()));
            if (begun.isPresent() && begun.get().finished() && run.fullOnly) {
                terminal.say("The copy from " + from + " to " + to + " is finished already; remove " + directory.root()
                        + " to copy again, or leave --full-only out to follow the source.");
                return ExitStatus.OK;
            }
            Prechecks.Outcome outcome = Prechecks.run(from, to, begun.isPresent() || run.targetMayHoldKeys(), run.scan);
            requireNoError(terminal, outcome.results());
            requireNoError(terminal, List.of(Plans.space(directory, outcome)));
            record.write(directory.root());
            ReplayRecord.remove(directory.root());
            terminal.say((begun.isPresent() ? "Going on with " : "Migrating ") + terminal.bold(from.display()) + " to "
                    + terminal.bold(to.display()) + terminal.dim(" (data directory " + directory.root() + ")"));
            MigrationPlan plan = Plans.embedded(
                            run.more(),
                            from,
                            outcome.sourceMasters(),
                            to,
                            outcome.targetTopology().orElseThrow(),
                            SpoolPlace.of(directory))
                    .with(run);
            try (ConnectCluster cluster = EmbeddedCluster.start(directory, Side.addOns(from, to))) {
                ExitStatus status = follow(terminal, stop, cluster, plan);
                if (status == ExitStatus.OK && run.fullOnly) {
                    record.asFinished().write(directory.root());
                }
                return status;
            }
        }
    }

    private Path directory(Side from, Side to) {
        return run.dataDirectory == null ? Plans.defaultDirectory(from, to) : run.dataDirectory;
    }

    private ExitStatus remote(Terminal terminal, StopSignal stop, Side from, Side to) throws InterruptedException {
        try (ConnectCluster cluster = RemoteCluster.of(
                run.remote.connectUrl,
                run.remote.bootstrapServers,
                run.remote.kafkaConfig,
                List.of(ConnectorConfigs.SOURCE_CLASS, ConnectorConfigs.SINK_CLASS))) {
            boolean begun =
                    cluster.connect().config(run.remote.name + "-source").isPresent();
            Prechecks.Outcome outcome = Prechecks.run(from, to, begun || run.targetMayHoldKeys(), run.scan);
            requireNoError(terminal, outcome.results());
            MigrationPlan plan = Plans.remote(
                            run.remote,
                            run.more(),
                            from,
                            outcome.sourceMasters(),
                            to,
                            outcome.targetTopology().orElseThrow())
                    .with(run);
            terminal.say((begun ? "Going on with " : "Migrating ") + terminal.bold(from.display()) + " to "
                    + terminal.bold(to.display()) + terminal.dim(" (on Connect at " + run.remote.connectUrl + ")"));
            return follow(terminal, stop, cluster, plan);
        }
    }

    private ExitStatus follow(Terminal terminal, StopSignal stop, ConnectCluster cluster, MigrationPlan plan)
            throws InterruptedException {
        Follower follower = new Follower(terminal, stop, Clock.systemUTC());
        Duration drain = Duration.ofSeconds(run.drainTimeoutSeconds);
        try (Migration migration = new Migration(cluster, plan, Clock.systemUTC())) {
            ExitStatus status = follower.follow(migration, cluster.isEmbedded(), run.fullOnly, drain);
            if (status == ExitStatus.OK) {
                // Nothing follows that would settle them.
                Expiries.settle(plan.target(), terminal);
            }
            return status;
        }
    }

    private static void requireNoError(Terminal terminal, List<CheckResult> results) {
        results.stream()
                .filter(result -> result.level() == CheckResult.Level.WARNING)
                .forEach(result -> terminal.warn(result.sentence()));
        results.stream()
                .filter(result -> result.level() == CheckResult.Level.ERROR)
                .findFirst()
                .ifPresent(error -> {
                    throw new Failure(ExitStatus.REFUSED, error.sentence());
                });
    }

    private static void warnOfVisiblePassword(Terminal terminal, Side side) {
        if (side.passwordInUri()) {
            terminal.warn("The password in --" + side.name() + " can be seen by others on this machine; set MILLRACE_"
                    + side.name().toUpperCase(Locale.ROOT) + "_PASSWORD instead.");
        }
    }
}
