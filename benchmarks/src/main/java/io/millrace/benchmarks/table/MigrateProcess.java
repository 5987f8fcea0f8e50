package io.millrace.benchmarks.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code millrace migrate} as its users run it, with a data directory of its own. */
public final class MigrateProcess implements Contender {
    private static final int STOP_SECONDS = 90;

    private final Process process;
    private final Path directory;

    /** @param launcher the script that starts Millrace */
    MigrateProcess(Path launcher, Arena arena, String grouping) throws IOException {
        this(launcher, arena.sourceUri(), arena.targetUri(), List.of("--source-config", "record.grouping=" + grouping));
    }

    /**
     * @param launcher the script that starts Millrace
     * @param more further options of the command
     */
    public MigrateProcess(Path launcher, String source, String target, List<String> more) throws IOException {
        this.directory = Files.createTempDirectory("millrace-benchmark-");
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "migrate",
                "--source",
                source,
                "--target",
                target,
                "--data-dir",
                directory.resolve("data").toString()));
        command.addAll(more);
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
    }

    private Path output() {
        return directory.resolve("output");
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public Optional<ProcessReading> reading() throws IOException {
        return Optional.of(ProcessReading.of(process.pid()));
    }

    /** Bytes that a topic's log has on the disk, or will have. */
    public long logBytes(String topic) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            long bytes = 0;
            for (Path file : files.filter(path -> path.toString().endsWith(".log"))
                    .filter(path -> path.getParent().getFileName().toString().matches(Pattern.quote(topic) + "-[0-9]+"))
                    .toList()) {
                bytes += Files.size(file);
            }
            return bytes;
        }
    }

    @Override
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchmarkFailure("millrace migrate has ended with status " + process.exitValue() + ": " + said());
        }
    }

    private String said() {
        try {
            return Files.readString(output()).strip();
        } catch (IOException e) {
            return "its output cannot be read, " + e.getMessage();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
