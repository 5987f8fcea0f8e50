package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The executable jar, running. What it prints is collected by threads of its own. */
public final class MillraceProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final Path JAR = Path.of("..", "cli", "target", "millrace.jar");

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private MillraceProcess(Process process) {
        this.process = process;
        this.readers = List.of(collect(process.getInputStream(), out), collect(process.getErrorStream(), err));
    }

    public static MillraceProcess start(String... arguments) {
        return run(command(arguments), Map.of());
    }

    /** With more variables in its environment. */
    static MillraceProcess startWith(Map<String, String> environment, String... arguments) {
        return run(command(arguments), environment);
    }

    /** No file that it writes can grow beyond this many KiB: to the process that is a full disk. */
    static MillraceProcess startWithFileLimit(int kibibytes, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\"", "bash"));
        command.addAll(command(arguments));
        return run(command, Map.of());
    }

    private static List<String> command(String... arguments) {
        assertThat(JAR).as("the executable jar, which 'mvn package' makes").exists();
        List<String> command = new ArrayList<>(List.of(
                // Where this JVM was started in the background it ignores SIGINT, and so would what it starts.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static MillraceProcess run(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new MillraceProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread collect(InputStream in, List<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        lines.add("(reading ended: " + e + ")");
                    }
                },
                "millrace-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    public List<String> out() {
        return out;
    }

    List<String> err() {
        return err;
    }

    /** Waits for a line on standard output that holds this text. */
    void awaitOut(String text) {
        await(text).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            boolean ended = !process.isAlive();
            if (ended) {
                awaitExit();
            }
            boolean seen = out.stream().anyMatch(line -> line.contains(text));
            assertThat(seen || !ended)
                    .as("it ended without a line with %s: %s", text, this)
                    .isTrue();
            return seen;
        });
    }

    /**
     * Waits until the copy is at the target and changes follow, which stays so. No other phase can be waited for: a line comes
     * once a second, and a copy may begin and end between two.
     */
    void awaitStream() {
        awaitOut("\"phase\":\"stream\"");
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    void kill9() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    public int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends: %s", this)
                .isTrue();
        for (Thread reader : readers) {
            reader.join();
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        kill9();
    }

    @Override
    public String toString() {
        return "standard output " + out + ", standard error " + err;
    }

    /** Bytes of all files below a directory, as text, to search for what must not be there. */
    static String contents(Path directory) throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> !f.toString().endsWith(".jar"))
                    .toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
