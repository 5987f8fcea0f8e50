package io.millrace.it.storm;

import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.expiry.ExpirySettler;
import io.millrace.it.storm.StormOptions.DestinationKind;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.Difference;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** One storm: its own servers, topic and connectors, in a broker and workers that outlive it. */
final class Storm {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int DATABASES = 3;
    private static final String[] SOURCE_SETTINGS = {"client-output-buffer-limit replica 32mb 8mb 10"};

    private final StormPlan plan;
    private final DestinationKind kind;
    private final StormOptions options;
    private final StormRuntime runtime;
    private final Journal journal;
    private final StormPipeline pipeline;

    Storm(StormPlan plan, DestinationKind kind, StormOptions options, StormRuntime runtime, PrintStream out) {
        this.plan = plan;
        this.kind = kind;
        this.options = options;
        this.runtime = runtime;
        this.journal = new Journal(out);
        this.pipeline = new StormPipeline(
                "storm-" + kind + "-" + plan.seed(),
                options.directory().resolve("spool-" + kind + "-" + plan.seed()).toAbsolutePath(),
                runtime.workers());
    }

    StormReport run() throws IOException, InterruptedException {
        journal.note("storm of seed " + plan.seed() + " on a " + kind + " destination");
        long start = System.nanoTime();
        Files.createDirectories(pipeline.spool());
        try (ReplicatedServer source = ReplicatedServer.start(ServerVersion.standard(), SOURCE_SETTINGS);
                StormDestination destination = StormDestination.start(kind, ServerVersion.standard());
                KafkaLog log = new KafkaLog(runtime.broker().bootstrapServers(), pipeline.name(), pipeline.sink())) {
            pipeline.start(source, destination, sinkSettings());
            try {
                return run(source, destination, log, start);
            } finally {
                pipeline.delete();
                log.delete();
            }
        }
    }

    private StormReport run(ReplicatedServer source, StormDestination destination, KafkaLog log, long start)
            throws IOException, InterruptedException {
        Beats beats = new Beats(destination);
        String problem = null;
        int flowing = 0;
        VerifyReport comparison = null;
        int databases = destination.isCluster() ? 1 : DATABASES;
        CommandMix commands = new CommandMix(plan.seed(), databases, plan.anyExpiry());
        Workload workload = new Workload(source, beats, commands, options.rate());
        TornReads reads = new TornReads(destination, beats);
        CommitTimes commits = new CommitTimes(log);
        TaskWatch watch = new TaskWatch(pipeline);
        TransactionWatch transactions = new TransactionWatch(log.transactions(), journal);
        try (workload;
                reads;
                commits;
                transactions;
                watch) {
            Awaitility.await("the first changes at the destination")
                    .atMost(PATIENCE)
                    .until(beats::isCurrent);
            try (FaultMachine machine =
                    new FaultMachine(runtime.broker(), pipeline, source, destination, workload, beats, journal)) {
                machine.run(plan);
                flowing = machine.struckFlowing();
            }
            workload.close();
            journal.note("no more faults and writes");
            new Drain(source, log, destination).await();
            journal.note("drained");
            comparison = compare(source, destination);
        } catch (AssertionError | RuntimeException e) {
            problem = String.valueOf(e.getMessage());
            runtime.dumpThreads();
            log.transactions().open().forEach(one -> journal.note("open in Kafka: " + one));
        }
        CopyWindows copies = CopyWindows.of(log, commits);
        int torn = (int) reads.torn().stream()
                .filter(one -> !copies.hold(one.atMillis()))
                .count();
        StormReport report = new StormReport(
                plan.seed(),
                kind,
                options.exactlyOnce(),
                StormReport.count(plan.strikes()),
                flowing,
                runtime.count("Continuing " + LocalServer.HOST + ":" + source.port() + " "),
                Math.max(0, copies.copies() - 1),
                runtime.count("The spool cannot write to " + pipeline.spool() + " ("),
                transactions.aborted(),
                beats.longestStallMillis(),
                workload.written(),
                comparison == null ? 0 : comparison.keysCompared(),
                reads.reads(),
                torn,
                reads.torn().size() - torn,
                watch.failures(),
                comparison == null ? 0 : comparison.differenceCount(),
                problem,
                (System.nanoTime() - start) / 1_000_000_000);
        reads.torn().stream()
                .filter(one -> !copies.hold(one.atMillis()))
                .limit(20)
                .forEach(one -> journal.note("torn: " + one));
        watch.failures().forEach(failure -> journal.note("failed: " + failure));
        if (!report.holds()) {
            journal.note("refusals at the source: " + workload.refusals());
            Path directory = options.directory().resolve("failed-" + pipeline.name());
            journal.note(new Autopsy(directory, log, source).write(comparison, journal.lines()));
        }
        journal.note("seed " + plan.seed() + " " + report.verdict());
        return report;
    }

    private Map<String, String> sinkSettings() {
        Map<String, String> settings = new HashMap<>(options.sink());
        settings.putIfAbsent("expiry.policy", plan.anyExpiry() ? "source" : "exact");
        return settings;
    }

    /** Expiries that were put off may still be on their way to what they are; values may not. */
    private VerifyReport compare(ReplicatedServer source, StormDestination destination) throws InterruptedException {
        if (plan.anyExpiry()) {
            new ExpirySettler(new NodeConnector(destination.endpoint()), at -> true, nanos -> true).pass();
        }
        RedisEndpoint from = RedisEndpoint.standalone(new Address(LocalServer.HOST, source.port()));
        KeyspaceComparison comparison = new KeyspaceComparison(from, destination.endpoint(), VerifyOptions.defaults());
        VerifyReport report = comparison.run();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (report.counts().keySet().equals(Set.of(Difference.Kind.EXPIRY)) && System.nanoTime() < deadline) {
            report = comparison.run();
        }
        return report;
    }
}
