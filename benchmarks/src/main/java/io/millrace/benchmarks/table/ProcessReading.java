package io.millrace.benchmarks.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a JVM has used so far, as Linux counts it: processor time of each thread in ticks of 10 ms, and memory. A thread's
 * name is cut to 15 characters there.
 *
 * @param total ticks of the whole process, threads that have ended included
 * @param threads ticks by thread id
 * @param residentKilobytes memory in use now
 * @param peakKilobytes the most that has been in use
 */
public record ProcessReading(long total, Map<String, Thread> threads, long residentKilobytes, long peakKilobytes) {

    /** A thread's name and its ticks. */
    public record Thread(String name, long ticks) {}

    private static final double MICROS_A_TICK = 10_000;

    public static ProcessReading of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<String, Thread> threads = new HashMap<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                try {
                    threads.put(task.getFileName().toString(), parse(Files.readString(task.resolve("stat"))));
                } catch (NoSuchFileException e) {
                    // the thread has ended meanwhile
                }
            }
        }
        String status = Files.readString(process.resolve("status"));
        return new ProcessReading(
                parse(Files.readString(process.resolve("stat"))).ticks,
                threads,
                kilobytes(status, "VmRSS"),
                kilobytes(status, "VmHWM"));
    }

    private static long kilobytes(String status, String field) {
        return Machine.field(status, field)
                .map(text -> Long.parseLong(text.split(" ", 2)[0]))
                .orElse(0L);
    }

    /** A line of {@code /proc/PID/stat}: the name in brackets, which may hold any character, then the 3rd field and so on. */
    static Thread parse(String stat) {
        int end = stat.lastIndexOf(')');
        String[] fields = stat.substring(end + 2).split(" ");
        return new Thread(
                stat.substring(stat.indexOf('(') + 1, end), Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
    }

    /** Microseconds by stage since an earlier reading; what threads used that ended meanwhile stands under OTHER. */
    public Map<Stage, Double> microsSince(ProcessReading before) {
        Map<Stage, Double> micros = new TreeMap<>();
        long counted = 0;
        for (Map.Entry<String, Thread> entry : threads.entrySet()) {
            Thread now = entry.getValue();
            Thread then = before.threads.get(entry.getKey());
            long ticks = now.ticks - (then == null ? 0 : then.ticks);
            counted += ticks;
            micros.merge(Stage.of(now.name), ticks * MICROS_A_TICK, Double::sum);
        }
        micros.merge(Stage.OTHER, Math.max(0, total - before.total - counted) * MICROS_A_TICK, Double::sum);
        return micros;
    }
}
