package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What no migration has is refused with the option's name, before anything is asked or computed. */
class PlanInputTest {
    @Test
    void nothingToPlanFrom() {
        Ran.millrace("plan").failsWith(ExitStatus.USAGE).naming("--keys", "--value-bytes", "--source");
        Ran.millrace("plan", "--keys", "5").failsWith(ExitStatus.USAGE).naming("--value-bytes", "--data-bytes");
        Ran.millrace("plan", "--value-bytes", "5").failsWith(ExitStatus.USAGE).naming("--keys");
    }

    @Test
    void theSameTwice() {
        plan("--data-bytes", "1gb").failsWith(ExitStatus.USAGE).naming("--value-bytes", "--data-bytes");
    }

    @Test
    void numbersThatCannotBe() {
        Ran.millrace("plan", "--keys", "-1", "--value-bytes", "5")
                .failsWith(ExitStatus.USAGE)
                .naming("--keys", "-1");
        Ran.millrace("plan", "--keys", "1", "--value-bytes", "many")
                .failsWith(ExitStatus.USAGE)
                .naming("--value-bytes", "many", "kb");
        Ran.millrace("plan", "--keys", "1", "--value-bytes", "0")
                .failsWith(ExitStatus.USAGE)
                .naming("--value-bytes");
        plan("--writes-per-second", "NaN").failsWith(ExitStatus.USAGE).naming("--writes-per-second");
        plan("--writes-per-second", "-0.1").failsWith(ExitStatus.USAGE).naming("--writes-per-second");
        plan("--command-bytes", "3").failsWith(ExitStatus.USAGE).naming("--command-bytes", "14");
        plan("--source-shards", "0").failsWith(ExitStatus.USAGE).naming("--source-shards", "1");
        plan("--destination-shards", "20000").failsWith(ExitStatus.USAGE).naming("--destination-shards", "16384");
        plan("--round-trip-ms", "-1").failsWith(ExitStatus.USAGE).naming("--round-trip-ms");
        plan("--source-round-trip-ms", "1e9").failsWith(ExitStatus.USAGE).naming("--source-round-trip-ms");
        plan("--network-mbits", "0").failsWith(ExitStatus.USAGE).naming("--network-mbits");
        plan("--cores", "0").failsWith(ExitStatus.USAGE).naming("--cores");
        plan("--batch-commands", "0").failsWith(ExitStatus.USAGE).naming("--batch-commands");
        plan("--tasks", "-2").failsWith(ExitStatus.USAGE).naming("--tasks");
        plan("--kafka-replicas", "0").failsWith(ExitStatus.USAGE).naming("--kafka-replicas");
        plan("--retention", "-1").failsWith(ExitStatus.USAGE).naming("--retention");
    }

    @Test
    void timesThatAreNone() {
        plan("--window", "2").failsWith(ExitStatus.USAGE).naming("--window", "2h");
        plan("--window", "0s").failsWith(ExitStatus.USAGE).naming("--window");
        plan("--blip", "soon").failsWith(ExitStatus.USAGE).naming("--blip", "soon");
        plan("--outage", "-5m").failsWith(ExitStatus.USAGE).naming("--outage");
    }

    @Test
    void wordsThatAreNone() {
        plan("--grouping", "both").failsWith(ExitStatus.USAGE).naming("--grouping", "single", "batch");
        plan("--sample", "5").failsWith(ExitStatus.USAGE).naming("--sample", "--source");
        plan("--destination-shard", "5").failsWith(ExitStatus.USAGE).naming("--destination-shards");
    }

    @Test
    void aSourceThatDoesNotAnswer() {
        Ran.millrace("plan", "--source", "redis://127.0.0.1:1")
                .failsWith(ExitStatus.REFUSED)
                .naming("source", "127.0.0.1:1");
        Ran.millrace("plan", "--source", "redis:/typo")
                .failsWith(ExitStatus.USAGE)
                .naming("--source", "redis://");
    }

    @Test
    void machinesGetMistakesAsJson() {
        Ran ran = plan("--cores", "0", "--json");
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("\"event\":\"error\"", "\"exitCode\":2", "--cores");
    }

    private static Ran plan(String... more) {
        String[] base = {"plan", "--keys", "1000", "--value-bytes", "100"};
        String[] all = Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return Ran.millrace(all);
    }
}
