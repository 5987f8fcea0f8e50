package io.millrace.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How many of this machine's cores nobody else used, from two looks at {@code /proc/stat}: idle time, and what our own processes
 * used.
 *
 * @param total ticks of all cores
 * @param idle ticks in which they had nothing to do
 */
record CoresLeft(long total, long idle) {
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STATES = 8;

    static CoresLeft now() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/stat")).get(0);
        long[] ticks = Arrays.stream(line.split(" +"))
                .skip(1)
                .limit(STATES)
                .mapToLong(Long::parseLong)
                .toArray();
        return new CoresLeft(Arrays.stream(ticks).sum(), ticks[IDLE] + ticks[IOWAIT]);
    }

    /** @param ours ticks that our own processes used since then */
    double since(CoresLeft before, long ours, int cores) {
        double all = Math.max(1, total - before.total);
        return Math.max(0.1, Math.min(cores, (idle - before.idle + ours) / all * cores));
    }

    /** Ticks of this process and of all that it has started. */
    static long ours() throws IOException {
        long ticks = ticks(ProcessHandle.current());
        for (ProcessHandle child : ProcessHandle.current().descendants().toList()) {
            ticks += ticks(child);
        }
        return ticks;
    }

    private static long ticks(ProcessHandle process) throws IOException {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        if (!Files.exists(stat)) {
            return 0;
        }
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
