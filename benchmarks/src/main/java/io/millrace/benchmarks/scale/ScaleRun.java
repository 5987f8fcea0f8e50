package io.millrace.benchmarks.scale;

import io.millrace.benchmarks.table.BenchmarkFailure;
import io.millrace.benchmarks.table.MigrateProcess;
import io.millrace.benchmarks.table.ProcessReading;
import io.millrace.benchmarks.table.Stage;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs one arrangement. One thread. */
final class ScaleRun {
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long BETWEEN_MARKERS_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final double NANOS_A_SECOND = 1e9;
    private static final double NANOS_A_MILLI = 1e6;
    private static final String TOPIC = "millrace";

    private final Path launcher;
    private final ScaleOptions options;
    private final ServerVersion version;

    ScaleRun(Path launcher, ScaleOptions options, ServerVersion version) {
        this.launcher = launcher;
        this.options = options;
        this.version = version;
    }

    Measured run(ScaleCase scale) throws IOException, InterruptedException {
        try (Site site = new Site(version, scale)) {
            site.write("key:", options.keys());
            String batch = Integer.toString(scale.batchCommands());
            List<String> more = new ArrayList<>(List.of(
                    "--sink-config",
                    "batch.max.commands=" + batch,
                    "--sink-config",
                    "in.flight.max.commands=" + batch));
            if (scale.partitions() > 0) {
                more.addAll(List.of("--source-config", "topic.partitions=" + scale.partitions()));
                more.addAll(List.of("--sink-config", "tasks.max=" + scale.sinkTasks()));
            }
            try (MigrateProcess process = new MigrateProcess(launcher, site.sourceUri(), site.targetUri(), more)) {
                // What comes before is the JVM getting warm, what comes after is the last batches.
                Span copy = span(site, process, 0, options.keys());
                double logBytes = (double) process.logBytes(TOPIC) / options.keys();
                await(process, "the copy is there", () -> site.targetKeys() >= options.keys());
                // As much again warms up the other half of the code.
                long there = options.keys();
                site.write("warm:", options.burst());
                long warm = there + options.burst();
                await(process, "the first burst is there", () -> site.targetKeys() >= warm);
                site.write("burst:", options.burst());
                Span stream = span(site, process, warm, options.burst());
                await(process, "the burst is there", () -> site.targetKeys() >= warm + options.burst());
                return new Measured(
                        copy.perSecond(),
                        copy.cores(),
                        copy.stages(),
                        stream.perSecond(),
                        stream.cores(),
                        stream.stages(),
                        lag(site, process),
                        logBytes);
            }
        }
    }

    private record Span(double perSecond, double cores, Map<Stage, Double> stages) {}

    /** Measures while the target's keys go from two fifths of the way to all but a twentieth. */
    private Span span(Site site, MigrateProcess process, long before, long items) throws IOException {
        long from = await(process, "two fifths are there", () -> site.targetKeys() - before >= items * 2 / 5);
        long keysThen = site.targetKeys();
        ProcessReading then = process.reading().orElseThrow();
        CoresLeft machine = CoresLeft.now();
        long ours = CoresLeft.ours();
        long to = await(process, "nearly all are there", () -> site.targetKeys() - before >= items * 19 / 20);
        long moved = Math.max(1, site.targetKeys() - keysThen);
        Map<Stage, Double> stages =
                new TreeMap<>(process.reading().orElseThrow().microsSince(then));
        stages.replaceAll((stage, micros) -> micros / moved);
        double cores = CoresLeft.now()
                .since(machine, CoresLeft.ours() - ours, Runtime.getRuntime().availableProcessors());
        return new Span(moved * NANOS_A_SECOND / (to - from), cores, stages);
    }

    private double lag(Site site, MigrateProcess process) throws IOException {
        double[] millis = new double[options.markers()];
        for (int i = 0; i < millis.length; i++) {
            // Not in step with anything that happens every so often.
            LockSupport.parkNanos(BETWEEN_MARKERS_NANOS + i * 7919L % 10 * 1_000_000);
            String prefix = "marker:" + i + ":";
            long begin = System.nanoTime();
            site.write(prefix, 1);
            millis[i] = (await(process, "a marker is there", () -> site.targetHas(prefix + 0)) - begin) / NANOS_A_MILLI;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static long await(MigrateProcess process, String what, Condition condition) throws IOException {
        long limit = System.nanoTime() + LIMIT_NANOS;
        while (!condition.holds()) {
            process.requireAlive();
            if (System.nanoTime() > limit) {
                throw new BenchmarkFailure("It took more than 15 minutes until " + what + "; use fewer --keys.");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return System.nanoTime();
    }
}
