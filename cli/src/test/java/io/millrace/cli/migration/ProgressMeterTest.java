package io.millrace.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Position;
import io.millrace.cli.migration.Progress.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
    private final ProgressMeter meter = new ProgressMeter();

    @Test
    void aCopyHasARateAnEstimateAndAnEnd() {
        meter.source(new KeyCounter.Reading(1_000, 500), 0);
        assertThat(meter.progress(0, false).phase()).isEqualTo(Phase.STARTING);

        meter.position(new Position(1, "id", 500, 0, true));
        meter.log(new LogWatch.Reading(20, 10, 2_000));
        meter.target(new KeyCounter.Reading(250, -1));
        Progress half = meter.progress(1_000, false);

        assertThat(half.phase()).isEqualTo(Phase.SNAPSHOT);
        assertThat(half.bytesDone()).isEqualTo(1_000);
        assertThat(half.bytesTotal()).hasValue(4_000);
        assertThat(half.keysPerSecond()).isEqualTo(250);
        assertThat(half.eta()).contains(Duration.ofSeconds(3));
    }

    @Test
    void theSnapshotIsAppliedOnceTheSinkHasCommittedWhatTheLogHadAtItsEnd() {
        meter.position(new Position(1, "id", 500, 0, false));
        meter.log(new LogWatch.Reading(20, 19, 2_000));
        assertThat(meter.isSnapshotApplied()).isFalse();

        meter.log(new LogWatch.Reading(30, 20, 3_000));
        assertThat(meter.isSnapshotApplied()).isTrue();
        assertThat(meter.isAppliedUpTo(500)).isTrue();
        assertThat(meter.isAppliedUpTo(501)).isFalse();
        assertThat(meter.progress(0, false).phase()).isEqualTo(Phase.STREAM);
    }

    @Test
    void aNewGenerationIsACopyAgain() {
        meter.position(new Position(1, "id", 500, 0, false));
        meter.log(new LogWatch.Reading(20, 20, 2_000));
        meter.position(new Position(2, "other", 10, 0, true));
        meter.log(new LogWatch.Reading(25, 20, 2_500));

        assertThat(meter.isSnapshotApplied()).isFalse();
        assertThat(meter.progress(0, false).phase()).isEqualTo(Phase.SNAPSHOT);
    }

    @Test
    void aClusterIsCopiedOnceEveryShardIs() {
        KeyCounter.Master first = new KeyCounter.Master("a", "0", 100);
        KeyCounter.Master second = new KeyCounter.Master("b", "0", 200);
        meter.source(new KeyCounter.Reading(10, 100, List.of(first, second)), 0);
        meter.position("one", new Position(1, "a", 100, 0, false));
        meter.log(new LogWatch.Reading(20, 20, 0));
        assertThat(meter.isSnapshotApplied()).isFalse();

        meter.position("two", new Position(1, "b", 150, 0, true));
        meter.log(new LogWatch.Reading(25, 25, 0));
        assertThat(meter.isSnapshotApplied()).isFalse();

        meter.position("two", new Position(1, "b", 150, 0, false));
        meter.log(new LogWatch.Reading(30, 30, 0));
        meter.source(new KeyCounter.Reading(10, 100, List.of(first, second)), 1_000);
        assertThat(meter.isSnapshotApplied()).isTrue();
        assertThat(meter.progress(3_000, false).lagBytes()).hasValue(50);
        assertThat(meter.progress(3_000, false).lag()).contains(Duration.ofSeconds(2));
    }

    @Test
    void aPartitionThatIsAheadDoesNotMakeUpForOneThatIsBehind() {
        meter.position(new Position(1, "id", 500, 0, false));
        meter.log(new LogWatch.Reading(20, 15, 0, Map.of(0, 10L, 1, 10L), Map.of(0, 10L, 1, 5L)));
        meter.log(new LogWatch.Reading(30, 25, 0, Map.of(0, 20L, 1, 10L), Map.of(0, 20L, 1, 5L)));
        assertThat(meter.isSnapshotApplied()).isFalse();

        meter.log(new LogWatch.Reading(30, 30, 0, Map.of(0, 20L, 1, 10L), Map.of(0, 20L, 1, 10L)));
        assertThat(meter.isSnapshotApplied()).isTrue();
    }

    @Test
    void drainingShowsWhatIsLeft() {
        meter.log(new LogWatch.Reading(25, 20, 2_500));

        assertThat(meter.progress(0, true))
                .returns(Phase.DRAINING, Progress::phase)
                .returns(5L, Progress::recordsLeft);
    }
}
