package io.millrace.benchmarks.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code millrace migrate} as its users run it, with a data directory of its own. */
final class MigrateProcess implements Contender {
    private static final int STOP_SECONDS = 90;

    private final Process process;
    private final Path directory;

    /** @param launcher the script that starts Millrace */
    MigrateProcess(Path launcher, Arena arena, String grouping) throws IOException {
        this.directory = Files.createTempDirectory("millrace-benchmark-");
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "migrate",
                "--source",
                arena.sourceUri(),
                "--target",
                arena.targetUri(),
                "--data-dir",
                directory.resolve("data").toString(),
                "--source-config",
                "record.grouping=" + grouping));
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
