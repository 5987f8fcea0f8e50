package io.millrace.benchmarks.table;

import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes at a steady rate for some minutes, and asks whether memory and lag stay where they are. One thread. */
final class Soak {
    private static final int A_SECOND = 20_000;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How much more the last third may use than the middle one. The first is warm-up. */
    private static final double GROWTH = 1.1;

    /**
     * One minute.
     *
     * @param lagMillis the median of what the markers took
     * @param megabytes of the process at its end
     */
    record Minute(double lagMillis, double megabytes) {}

    private final ServerVersion version;
    private final Path launcher;
    private final TableOptions options;
    private final PrintStream out;

    Soak(ServerVersion version, Path launcher, TableOptions options, PrintStream out) {
        this.version = version;
        this.launcher = launcher;
        this.options = options;
        this.out = out;
    }

    /** True when both were flat. */
    boolean run() throws IOException, InterruptedException {
        List<Minute> minutes = new ArrayList<>();
        try (Arena arena = Arena.open(version, false)) {
            long keys = Data.strings(arena.source(), options.keys(), 100);
            try (Contender contender = new MigrateProcess(launcher, arena, "batch")) {
                Follow follow = new Follow(arena, contender);
                follow.keysThere(keys);
                follow.markerThere();
                for (int i = 1; i <= options.soakMinutes(); i++) {
                    Minute minute = minute(arena, contender, follow);
                    minutes.add(minute);
                    out.printf(
                            Locale.ROOT,
                            "minute %d: lag %.1f ms, memory %.0f MB%n",
                            i,
                            minute.lagMillis,
                            minute.megabytes);
                }
                arena.requireEqual();
            }
        }
        boolean flat = isFlat(minutes);
        out.println(flat ? "Memory and lag are flat." : "Memory or lag has grown.");
        return flat;
    }

    private static Minute minute(Arena arena, Contender contender, Follow follow) throws IOException {
        List<Double> lags = new ArrayList<>();
        long begin = System.nanoTime();
        for (int second = 1; second <= 60; second++) {
            Burst.write(arena.sourceServer(), A_SECOND);
            long marked = System.nanoTime();
            lags.add((follow.markerThere() - marked) / 1e6);
            LockSupport.parkNanos(begin + second * MINUTE_NANOS / 60 - System.nanoTime());
        }
        double[] readings = lags.stream().mapToDouble(Double::doubleValue).toArray();
        return new Minute(
                Samples.of(readings).median(), contender.reading().orElseThrow().residentKilobytes() / 1024.0);
    }

    /** The last third against the middle one; three minutes at least say something. */
    static boolean isFlat(List<Minute> minutes) {
        int third = minutes.size() / 3;
        if (third == 0) {
            return true;
        }
        List<Minute> middle = minutes.subList(third, 2 * third);
        List<Minute> last = minutes.subList(2 * third, minutes.size());
        // A millisecond more is the clock's business.
        return lag(last) <= lag(middle) * GROWTH + 1 && memory(last) <= memory(middle) * GROWTH;
    }

    private static double lag(List<Minute> minutes) {
        return Samples.of(minutes.stream().mapToDouble(Minute::lagMillis).toArray())
                .median();
    }

    private static double memory(List<Minute> minutes) {
        return Samples.of(minutes.stream().mapToDouble(Minute::megabytes).toArray())
                .median();
    }
}
