package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessReadingTest {
    private static final String STAT =
            "4711 (task-thread) (x) S 1 4711 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 40 0 12345 1000 200 18446744073709551615";

    @Test
    void theNameMayHoldBracketsAndSpaces() {
        assertThat(ProcessReading.parse(STAT)).isEqualTo(new ProcessReading.Thread("task-thread) (x", 300));
    }

    @Test
    void everyTickIsCountedOnce() {
        ProcessReading before = new ProcessReading(
                100, Map.of("1", thread("C2 CompilerThre", 40), "2", thread("millrace-sink-m", 20)), 1, 1);
        ProcessReading after = new ProcessReading(
                200, Map.of("1", thread("C2 CompilerThre", 70), "3", thread("millrace-link-m", 5)), 1, 1);
        Map<Stage, Double> stages = after.microsSince(before);
        assertThat(stages).containsEntry(Stage.COMPILER, 300_000.0).containsEntry(Stage.LINK, 50_000.0);
        // What has ended meanwhile cannot be told apart any more.
        assertThat(stages).containsEntry(Stage.OTHER, 650_000.0);
    }

    @Test
    void aStageIsToldByTheNameOfAThread() {
        assertThat(Stage.of("data-plane-kafk")).isEqualTo(Stage.BROKER);
        assertThat(Stage.of("task-thread-mil")).isEqualTo(Stage.TASKS);
        assertThat(Stage.of("kafka-producer-")).isEqualTo(Stage.PRODUCER);
        assertThat(Stage.of("millrace-source")).isEqualTo(Stage.SOURCE);
        assertThat(Stage.of("qtp-17")).isEqualTo(Stage.OTHER);
    }

    @Test
    void readsThisProcess() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")), "skipped: there is no /proc here");
        ProcessReading reading = ProcessReading.of(ProcessHandle.current().pid());
        assertThat(reading.threads()).isNotEmpty();
        assertThat(reading.residentKilobytes()).isPositive().isLessThanOrEqualTo(reading.peakKilobytes());
    }

    private static ProcessReading.Thread thread(String name, long ticks) {
        return new ProcessReading.Thread(name, ticks);
    }
}
