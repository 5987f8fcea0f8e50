package io.millrace.benchmarks.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the figures were taken.
 *
 * @param memoryMegabytes of the machine; -1 when not known
 * @param loadAtStart the load average of the last minute, -1 when not known
 */
public record Machine(
        int cores, String cpu, long memoryMegabytes, String kernel, String jdk, String server, double loadAtStart) {

    /** Above this share of the cores, others have a part in the figures. */
    private static final double QUIET = 0.15;

    public static Machine here(String server) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                field(lines("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch")),
                field(lines("/proc/meminfo"), "MemTotal")
                        .map(text -> Long.parseLong(text.split(" ", 2)[0]) / 1024)
                        .orElse(-1L),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.vendor") + " " + Runtime.version(),
                server,
                load(lines("/proc/loadavg")));
    }

    public boolean isQuiet() {
        return loadAtStart <= cores * QUIET;
    }

    public String sentence() {
        return String.format(
                Locale.ROOT,
                "%d cores (%s), %,d MB, %s, JDK %s, %s; load at the start %.2f",
                cores,
                cpu,
                memoryMegabytes,
                kernel,
                jdk,
                server,
                loadAtStart);
    }

    /** The value of a {@code name : value} line of a file under /proc. */
    static Optional<String> field(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    static double load(String text) {
        return text.isBlank() ? -1 : Double.parseDouble(text.split(" ", 2)[0]);
    }

    private static String lines(String file) {
        try {
            return Files.isReadable(Path.of(file)) ? Files.readString(Path.of(file)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
