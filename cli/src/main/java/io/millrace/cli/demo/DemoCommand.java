package io.millrace.cli.demo;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.StopSignal;
import io.millrace.cli.embedded.DataDirectory;
import io.millrace.cli.migration.EmbeddedMigration;
import io.millrace.cli.migration.Progress;
import io.millrace.cli.migration.ProgressPrinter;
import io.millrace.cli.options.OutputOptions;
import io.millrace.cli.options.Side;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.Expiries;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace demo}. */
@Command(
        name = "demo",
        header = "Show a live migration between two real servers, and prove it.",
        description = {
            "",
            "Starts two real Redis servers on this machine, fills one with every type of value, keeps writing to it, migrates it"
                    + " live to the other through an embedded Kafka and Connect, stops writing, and compares both key by key:"
                    + " type, value and expiry. Takes less than a minute; leaves nothing behind.",
            ""
        },
        footer = {"", "Exits with 0 when both sides are equal and with 4 when they differ."})
public final class DemoCommand implements Callable<Integer> {
    private static final Duration CATCH_UP = Duration.ofSeconds(120);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final long SEED = 7;
    private static final int MIXED_KEYS = 50_000;

    @Option(
            names = "--live-seconds",
            paramLabel = "SECONDS",
            defaultValue = "5",
            order = 50,
            description = "How long to keep writing after the copy is at the target (default 5).")
    private int liveSeconds;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = output.terminal(System.getenv());
        DemoReport report = new DemoReport(terminal);
        Path directory = Files.createTempDirectory("millrace-demo-");
        StopSignal stop = StopSignal.install(STOP);
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer target = LocalServer.start(ServerVersion.standard())) {
            terminal.say("Started " + terminal.bold(source.toString()) + " and " + terminal.bold(target.toString()));
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, SEED);
                populator.everyType();
                populator.mixed(MIXED_KEYS);
            }
            terminal.say("Filled the first with every type of value");
            try (DemoWriter writer = DemoWriter.start(source)) {
                migrate(terminal, report, stop, directory, source, target, writer);
            }
            return report.print(compare(source, target)).code();
        } finally {
            delete(directory);
            stop.close();
        }
    }

    private void migrate(
            Terminal terminal,
            DemoReport report,
            StopSignal stop,
            Path directory,
            LocalServer source,
            LocalServer target,
            DemoWriter writer)
            throws IOException, InterruptedException {
        Side from = Side.open("source", source.uri());
        Side to = Side.open("target", target.uri());
        ProgressPrinter printer = new ProgressPrinter(terminal, Clock.systemUTC());
        terminal.say("Migrating to the second while writing to the first");
        try (DataDirectory data = DataDirectory.open(directory);
                EmbeddedMigration migration = EmbeddedMigration.start(data, from, to, Topology.STANDALONE)) {
            report.begun(source, target);
            while (!migration.isSnapshotApplied()) {
                printer.show(migration.watch());
                tick(stop);
            }
            report.copied();
            long liveUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(liveSeconds);
            while (System.nanoTime() < liveUntil) {
                Progress progress = migration.watch();
                report.live(progress);
                printer.show(progress);
                tick(stop);
            }
            writer.stop();
            report.written(writer.written());
            catchUp(migration, stop, printer, replicationOffset(from.endpoint(Topology.STANDALONE)));
            report.caughtUp();
            migration.drain();
        } finally {
            printer.finish();
        }
        // What expired while it was copied waits for a deletion that nobody passes on any more.
        Expiries.settle(to, terminal);
    }

    private static void catchUp(EmbeddedMigration migration, StopSignal stop, ProgressPrinter printer, long offset)
            throws InterruptedException {
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        while (!migration.isAppliedUpTo(offset)) {
            if (System.nanoTime() > deadline) {
                throw new Failure("The target did not catch up with the source within " + CATCH_UP.toSeconds()
                        + " s; run 'millrace demo' again on a machine with less load.");
            }
            printer.show(migration.watch());
            tick(stop);
        }
    }

    private static void tick(StopSignal stop) throws InterruptedException {
        stop.pause(TICK);
        if (stop.isWanted()) {
            throw new Failure(ExitStatus.INTERRUPTED, "The demo was interrupted; nothing is left behind.");
        }
    }

    private static long replicationOffset(RedisEndpoint endpoint) {
        try (Node node = new NodeConnector(endpoint).openFirst()) {
            return ServerInfo.of(node).number("master_repl_offset", 0);
        }
    }

    private static VerifyReport compare(LocalServer source, LocalServer target) throws InterruptedException {
        return KeyspaceComparison.between(
                        Side.open("source", source.uri()).endpoint(Topology.STANDALONE),
                        Side.open("target", target.uri()).endpoint(Topology.STANDALONE))
                .run();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
