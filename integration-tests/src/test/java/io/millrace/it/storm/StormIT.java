package io.millrace.it.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.it.storm.StormOptions.DestinationKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Short storms of fixed seeds; {@code scripts/storm} runs long ones. What the processes log stays until the next run. */
class StormIT {

    private static final Path DIRECTORY = Path.of("target", "storm").toAbsolutePath();
    private static final int FAULTS = 8;

    private static StormRuntime runtime;

    @BeforeAll
    static void start() throws IOException {
        if (Files.exists(DIRECTORY)) {
            try (Stream<Path> files = Files.walk(DIRECTORY)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(DIRECTORY);
        runtime = StormRuntime.start(DIRECTORY, false);
    }

    @AfterAll
    static void stop() {
        if (runtime != null) {
            runtime.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"STANDALONE,8", "CLUSTER,22"})
    void nothingIsLostDoubledOrTorn(DestinationKind destination, long seed) throws IOException, InterruptedException {
        StormOptions options = StormOptions.of(seed, FAULTS, destination, DIRECTORY);
        StormReport report =
                new Storm(StormPlan.of(seed, FAULTS, options.kinds()), destination, options, runtime, System.out).run();
        assertThat(report.holds()).as(report.toString()).isTrue();
        assertThat(report.keysCompared()).isGreaterThan(100);
        assertThat(report.pairsRead()).isGreaterThan(100);
    }
}
