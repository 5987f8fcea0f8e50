package io.millrace.benchmarks.table;

import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One work, once, by one contender, on servers of its own. One thread. */
final class Round {
    private static final int VALUE = 100;
    private static final int[] OTHER_SIZES = {8, 1000, 10_000};
    private static final long LAG_LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long BETWEEN_MARKERS_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double NANOS_A_SECOND = 1e9;
    private static final double NANOS_A_MILLI = 1e6;

    private final ServerVersion version;
    private final Path launcher;
    private final TableOptions options;
    private final Results results;
    private final PrintStream log;

    Round(ServerVersion version, Path launcher, TableOptions options, Results results, PrintStream log) {
        this.version = version;
        this.launcher = launcher;
        this.options = options;
        this.results = results;
        this.log = log;
    }

    void run(Work work, boolean isNative) throws IOException, InterruptedException {
        if (work == Work.SIZES) {
            for (int size : OTHER_SIZES) {
                int keys = (int) Math.max(1000, Math.min(options.keys(), (long) options.keys() * VALUE / size));
                copyOnly(work.id() + " " + size, isNative, arena -> Data.strings(arena.source(), keys, size));
            }
        } else if (work == Work.MIXED) {
            copyOnly(work.id(), isNative, arena -> Data.mixed(arena.source(), options.hashes()));
        } else {
            all(work, isNative);
        }
    }

    private interface Fill {
        long into(Arena arena) throws IOException;
    }

    private void copyOnly(String work, boolean isNative, Fill fill) throws IOException, InterruptedException {
        try (Arena arena = Arena.open(version, false)) {
            long keys = fill.into(arena);
            try (Contender contender = contender(arena, isNative, "batch")) {
                Follow follow = new Follow(arena, contender);
                copy(work, contender, follow, keys);
                follow.markerThere();
                arena.requireEqual();
            }
        }
    }

    private void all(Work work, boolean isNative) throws IOException, InterruptedException {
        try (Arena arena = Arena.open(version, work == Work.CLUSTER)) {
            long keys = Data.strings(arena.source(), options.keys(), VALUE);
            String grouping = work == Work.SINGLE ? "single" : "batch";
            try (Contender contender = contender(arena, isNative, grouping)) {
                Follow follow = new Follow(arena, contender);
                copy(work.id(), contender, follow, keys);
                follow.markerThere();
                burst(work.id(), arena, contender, follow);
                lag(work.id(), contender, follow);
                if (work == Work.STANDALONE && !isNative) {
                    copyAgain(arena, contender, follow);
                }
                Optional<ProcessReading> end = contender.reading();
                if (end.isPresent()) {
                    add(contender, work.id(), Metric.MEMORY, end.get().peakKilobytes() / 1024.0);
                }
                arena.requireEqual();
            }
        }
    }

    private Contender contender(Arena arena, boolean isNative, String grouping) throws IOException {
        return isNative ? new NativeReplica(arena) : new MigrateProcess(launcher, arena, grouping);
    }

    private void copy(String work, Contender contender, Follow follow, long keys) throws IOException {
        long begin = follow.copyBegun(1);
        Optional<ProcessReading> before = contender.reading();
        long end = follow.keysThere(keys);
        add(contender, work, Metric.FULL_SYNC, keys * NANOS_A_SECOND / (end - begin));
        cpu(contender, work, Metric.CPU_COLD, before, keys);
    }

    /** The same history no more: the link is refused, and copies once more. */
    private void copyAgain(Arena arena, Contender contender, Follow follow) throws IOException {
        long keys = (Long) arena.source().call("DBSIZE");
        long copies = arena.copiesBegun();
        Optional<ProcessReading> before = contender.reading();
        arena.source().call("DEBUG", "CHANGE-REPL-ID");
        arena.source().call("CLIENT", "KILL", "TYPE", "replica");
        follow.copyBegun(copies + 1);
        follow.markerThere();
        cpu(contender, Work.STANDALONE.id(), Metric.CPU_WARM, before, keys);
    }

    private void burst(String work, Arena arena, Contender contender, Follow follow) throws IOException {
        Optional<ProcessReading> before = contender.reading();
        long begin = System.nanoTime();
        Burst.write(arena.sourceServer(), options.burst());
        long written = System.nanoTime();
        long end = follow.markerThere();
        add(contender, work, Metric.DRAIN, options.burst() * NANOS_A_SECOND / (end - begin));
        add(contender, work, Metric.BEHIND, (end - written) / NANOS_A_SECOND);
        cpu(contender, work, Metric.CPU_BURST, before, options.burst());
    }

    private void lag(String work, Contender contender, Follow follow) throws IOException {
        double[] millis = new double[options.markers()];
        for (int i = 0; i < millis.length; i++) {
            // Not in step with anything that happens every so often.
            LockSupport.parkNanos(BETWEEN_MARKERS_NANOS + i * 7919L % 10 * 1_000_000);
            long begin = System.nanoTime();
            millis[i] = (follow.markerThere(LAG_LOOK_NANOS) - begin) / NANOS_A_MILLI;
        }
        Samples samples = Samples.of(millis);
        add(contender, work, Metric.LAG_P50, samples.percentile(50));
        add(contender, work, Metric.LAG_P99, samples.percentile(99));
    }

    private void cpu(Contender contender, String work, Metric metric, Optional<ProcessReading> before, long count)
            throws IOException {
        Optional<ProcessReading> after = contender.reading();
        if (before.isEmpty() || after.isEmpty()) {
            return;
        }
        Map<Stage, Double> stages = after.get().microsSince(before.get());
        double sum = 0;
        StringBuilder text = new StringBuilder();
        for (Map.Entry<Stage, Double> stage : stages.entrySet()) {
            double each = stage.getValue() / count;
            sum += metric == Metric.CPU_WARM && stage.getKey() == Stage.BROKER ? 0 : each;
            text.append(
                    String.format(Locale.ROOT, " %s %.2f", stage.getKey().name().toLowerCase(Locale.ROOT), each));
        }
        add(contender, work, metric, sum);
        log.println("    us each by stage:" + text);
    }

    private void add(Contender contender, String work, Metric metric, double value) {
        results.add(contender.isNative(), work, metric, value);
        log.printf(
                Locale.ROOT,
                "  %s, %s: %s %s%n",
                work,
                contender.isNative() ? "native" : "millrace",
                metric.text(),
                metric.format(value));
    }
}
