package io.millrace.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.migration.Progress.Phase;
import io.millrace.cli.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void copying() {
        assertThat(ProgressText.line(progress(Phase.SNAPSHOT)))
                .isEqualTo("copying  1,200,000 of 2,000,000 keys (60%)  118.0 MiB of about 196.7 MiB"
                        + "  95,000 keys/s  9.1 MiB/s  0:08 left");
    }

    @Test
    void live() {
        assertThat(ProgressText.line(progress(Phase.STREAM)))
                .isEqualTo("live     lag 512 B, 0.3 s  9.1 MiB/s  1,200,000 keys at the target  3 records waiting");
    }

    @Test
    void json() {
        assertThat(ProgressText.json(progress(Phase.SNAPSHOT), NOW))
                .isEqualTo("{\"event\":\"progress\",\"time\":\"2026-01-02T03:04:05Z\",\"phase\":\"snapshot\","
                        + "\"keysDone\":1200000,\"keysTotal\":2000000,\"bytesDone\":123731968,\"bytesTotal\":206219946,"
                        + "\"keysPerSecond\":95000,\"bytesPerSecond\":9542041,\"etaSeconds\":8,\"lagBytes\":512,"
                        + "\"lagMillis\":300,\"recordsLeft\":3,\"trouble\":null}");
    }

    @Test
    void whatIsUnknownIsNullOrLeftOut() {
        Progress p = new Progress(
                Phase.STREAM,
                0,
                0,
                0,
                OptionalLong.empty(),
                0,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                0,
                Optional.of("target: waiting for memory"));

        assertThat(ProgressText.line(p))
                .isEqualTo("live     lag unknown  0 B/s  0 keys at the target  target: waiting for memory");
        assertThat(ProgressText.json(p, NOW)).contains("\"bytesTotal\":null", "\"lagBytes\":null");
    }

    @Test
    void aPipeGetsPlainLinesAndNotTooMany() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        long[] now = {0};
        ProgressPrinter printer = new ProgressPrinter(new Terminal(out, out, false, false), at(now));
        for (int second = 0; second < 11; second++) {
            now[0] = second * 1000L;
            printer.show(progress(Phase.SNAPSHOT));
        }
        printer.show(progress(Phase.STREAM));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).doesNotContain("\u001b", "\r"));
    }

    private static InstantSource at(long[] millis) {
        return () -> Instant.ofEpochMilli(millis[0]);
    }

    private static Progress progress(Phase phase) {
        return new Progress(
                phase,
                1_200_000,
                2_000_000,
                123_731_968,
                OptionalLong.of(206_219_946),
                95_000,
                9_542_041,
                Optional.of(Duration.ofSeconds(8)),
                OptionalLong.of(512),
                Optional.of(Duration.ofMillis(300)),
                3,
                Optional.empty());
    }
}
