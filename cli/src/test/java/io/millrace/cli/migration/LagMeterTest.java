package io.millrace.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LagMeterTest {
    private final LagMeter meter = new LagMeter();

    @Test
    void isUnknownBeforeTheFirstCommit() {
        meter.master(0, 1000);
        meter.stored(900, 5);

        assertThat(meter.bytes()).isEmpty();
        assertThat(meter.time(10)).isEmpty();
    }

    @Test
    void countsTheBytesThatAreNotAtTheTarget() {
        meter.stored(900, 5);
        meter.master(0, 1000);
        meter.committed(5);
        meter.master(100, 1000);

        assertThat(meter.bytes()).hasValue(100);
        assertThat(meter.time(400)).contains(Duration.ofMillis(400));
    }

    @Test
    void isZeroOnASourceThatIsIdleAndCaughtUp() {
        meter.master(0, 1000);
        meter.stored(1000, 7);
        meter.committed(7);
        meter.master(60_000, 1000);

        assertThat(meter.bytes()).hasValue(0);
        assertThat(meter.time(60_000)).contains(Duration.ZERO);
    }

    @Test
    void aCommitBetweenTwoStoredPositionsCountsForTheFirst() {
        meter.stored(100, 10);
        meter.stored(200, 20);
        meter.committed(15);
        meter.master(0, 200);

        assertThat(meter.bytes()).hasValue(100);
    }

    @Test
    void aNewGenerationBeginsAnew() {
        meter.stored(100, 10);
        meter.committed(10);
        meter.master(0, 100);
        meter.restart();

        assertThat(meter.bytes()).isEmpty();
    }

    /** Whatever the sink commits, the lag that is shown is never less than the true one. */
    @Property
    void neverPromisesTooMuch(@ForAll @Size(max = 50) List<@IntRange(max = 30) Integer> steps) {
        LagMeter lag = new LagMeter();
        long offset = 0;
        long committed = 0;
        int record = 0;
        for (int step : steps) {
            // Record n holds the stream up to offset 10 n.
            record++;
            offset = 10L * record;
            lag.stored(offset, record);
            committed = Math.min(record, committed + step);
            lag.committed(committed);
            lag.master(record, offset);
            long truth = offset - 10 * committed;
            lag.bytes().ifPresent(shown -> assertThat(shown).isGreaterThanOrEqualTo(truth));
        }
    }
}
