package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.migration.ConnectCluster;
import io.millrace.cli.migration.ConnectorConfigs;
import io.millrace.cli.migration.EmbeddedCluster;
import io.millrace.cli.migration.MigrationRecord;
import io.millrace.cli.migration.Plans;
import io.millrace.cli.migration.RemoteCluster;
import io.millrace.cli.migration.ReplayRecord;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.options.TargetOptions;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.cli.server.Expiries;
import io.millrace.endpoint.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace replay}. */
@Command(
        name = "replay",
        header = "Apply the log again, without the source.",
        description = {
            "",
            "Sets a sink and its notes at the target back to an earlier place of the log and lets it apply from there:"
                    + " --from-start rebuilds a target that was lost. The source is not connected to. Give the data"
                    + " directory of an earlier 'millrace migrate', or a Connect cluster that runs the sink.",
            ""
        },
        footer = {
            "",
            "The target's password comes from MILLRACE_TARGET_PASSWORD, or from a file.",
            "",
            "Example:",
            "  millrace replay --from-start --source redis://old:6379 --target redis://new:6379"
        })
public final class ReplayCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SINK = "millrace-sink";

    @Mixin
    private TargetOptions target;

    @Mixin
    private ReplayOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> environment = System.getenv();
        Terminal terminal = output.terminal(environment);
        Side to = target.side(environment);
        ReplayRequest request = ReplayRequest.of(options, to);
        try (StopSignal stop = StopSignal.install(PATIENCE)) {
            return (options.remote == null
                            ? embedded(terminal, stop, to, request)
                            : remote(terminal, stop, to, request))
                    .code();
        }
    }

    private ExitStatus embedded(Terminal terminal, StopSignal stop, Side to, ReplayRequest request)
            throws InterruptedException {
        Path path = directory(to);
        MigrationRecord migration = MigrationRecord.read(path)
                .orElseThrow(() -> new Failure(
                        ExitStatus.REFUSED,
                        "There is no migration in " + path + ", and so no log to apply; name its data directory with"
                                + " --data-dir."));
        Topology topology = Prechecks.requireTopology(to);
        // Secrets must be known before the worker starts.
        String password = Plans.keep(to);
        try (DataDirectory directory = DataDirectory.open(path);
                ConnectCluster cluster = EmbeddedCluster.startStopped(directory, Side.addOns(to))) {
            Map<String, String> stored = cluster.connect()
                    .config(SINK)
                    .orElseThrow(() -> new Failure(
                            ExitStatus.REFUSED,
                            "The migration in " + path
                                    + " was stopped before its sink had begun; run 'millrace migrate'" + " again."));
            Map<String, String> config = ConnectorConfigs.sinkTo(stored, to, topology, password);
            ReplayRun run = new ReplayRun(terminal, stop, cluster, SINK, to, request);
            ExitStatus status = run.run(config, ReplayRecord.read(directory.root()), record -> {
                record.write(directory.root());
                new MigrationRecord(migration.source(), to.display(), migration.finished()).write(directory.root());
            });
            if (status == ExitStatus.OK) {
                // The sink ends here, far behind the clock: nothing else would settle them.
                Expiries.settle(to, terminal);
                ReplayRecord.remove(directory.root());
            }
            return status;
        }
    }

    private Path directory(Side to) {
        if (options.dataDirectory != null) {
            return options.dataDirectory.toAbsolutePath().normalize();
        }
        if (options.source == null) {
            throw new Failure(
                    ExitStatus.USAGE,
                    "Where the log is, is not said; give --data-dir, or --source as for 'millrace migrate', or"
                            + " --connect-url for a Connect cluster of your own.");
        }
        return Plans.defaultDirectory(Side.open("source", options.source), to);
    }

    private ExitStatus remote(Terminal terminal, StopSignal stop, Side to, ReplayRequest request)
            throws InterruptedException {
        ReplayOptions.Remote remote = options.remote;
        try (ConnectCluster cluster = RemoteCluster.of(
                remote.connectUrl, remote.bootstrapServers, remote.kafkaConfig, List.of(ConnectorConfigs.SINK_CLASS))) {
            Map<String, String> config = cluster.connect()
                    .config(remote.sink)
                    .orElseThrow(() -> new Failure(
                            ExitStatus.REFUSED,
                            "Connect at " + remote.connectUrl + " has no connector " + remote.sink + "; it has "
                                    + names(cluster.connect().connectors()) + ", give one with --sink."));
            if (!ConnectorConfigs.SINK_CLASS.equals(config.get("connector.class"))) {
                throw new Failure(
                        ExitStatus.REFUSED,
                        "The connector " + remote.sink + " is not a sink of Millrace but a "
                                + config.get("connector.class") + "; give one with --sink.");
            }
            if (!to.hosts().equals(config.get("redis.hosts"))) {
                terminal.warn("The sink " + remote.sink + " writes to " + config.get("redis.hosts")
                        + "; make sure that --target " + to + " is the same server.");
            }
            return new ReplayRun(terminal, stop, cluster, remote.sink, to, request)
                    .run(config, Optional.empty(), record -> {});
        }
    }

    private static String names(List<String> connectors) {
        return connectors.isEmpty() ? "none" : String.join(", ", connectors);
    }
}
