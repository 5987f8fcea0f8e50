package io.millrace.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DemoIT {
    @Test
    void endsWithAnEqualReport() throws Exception {
        try (MillraceProcess demo = MillraceProcess.start("demo", "--live-seconds", "3")) {
            assertThat(demo.awaitExit()).as(demo.toString()).isZero();
            assertThat(demo.out()).contains("Demo report").anyMatch(line -> line.contains("equal: every key"));
            assertThat(demo.out()).allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
            assertThat(demo.err()).isEmpty();
        }
    }
}
