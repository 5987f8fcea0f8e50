package io.millrace.cli.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRuntimeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private Process process;

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void goesOnAfterAKillAndAfterAnOrderlyStop() throws Exception {
        Path data = temporary.resolve("data");
        Path in = temporary.resolve("in.txt");
        Path out = temporary.resolve("out.txt");

        append(in, "one");
        process = run(data, in, out);
        awaitLines(out, "one");

        process.destroyForcibly().waitFor();
        append(in, "two");
        process = run(data, in, out);
        awaitLines(out, "one", "two");

        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ends when asked").isTrue();
        assertThat(process.exitValue()).isZero();
        append(in, "three");
        process = run(data, in, out);
        awaitLines(out, "one", "two", "three");

        // A kill may repeat what was not yet committed; an orderly stop repeats nothing.
        assertThat(Files.readAllLines(out)).containsOnlyOnce("two", "three");
        assertThat(storedBytes(data)).as("the resolved placeholder").doesNotContain(in.toString());
    }

    @Test
    void onlyOneProcessUsesADataDirectory() throws IOException {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertThatThrownBy(() -> DataDirectory.open(temporary))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(first.root().toString())
                    .hasMessageContaining("--data-dir");
        }
        DataDirectory.open(temporary).close();
    }

    @Test
    void aDataDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> DataDirectory.open(file.resolve("below")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("--data-dir");
    }

    private Process run(Path data, Path in, Path out) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FilePipeline.class.getName(),
                data.toString(),
                in.toString(),
                out.toString());
        return new ProcessBuilder(command)
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
    }

    private void awaitLines(Path out, String... lines) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(process.isAlive()).isTrue();
            assertThat(out).exists();
            assertThat(Files.readAllLines(out)).contains(lines);
        });
    }

    private static void append(Path file, String line) throws IOException {
        Files.write(file, List.of(line), UTF_8, CREATE, APPEND);
    }

    private static String storedBytes(Path data) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(data.resolve("kafka"))) {
            for (Path file : files.filter(f ->
                            f.toString().contains("-configs-0") && f.toString().endsWith(".log"))
                    .toList()) {
                all.append(new String(Files.readAllBytes(file), ISO_8859_1));
            }
        }
        assertThat(all.toString()).contains(SessionSecrets.placeholder("input"));
        return all.toString();
    }
}
