package io.millrace.sizing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SizingTest {
    private static final double MIB = 1 << 20;
    private static final Workload LOAD = new Workload(10_000_000, 100, 10_000, 150, Grouping.BATCH);
    private static final Layout NEAR = new Layout(1, 1, 0.5, 0.5, 1000, 4, 0, 1000);
    private static final Aims AIMS =
            new Aims(null, Duration.ofHours(24), 3, Duration.ofMinutes(10), Duration.ofMinutes(60));

    @Test
    void aSingleServerHasOneTaskAndOnePartition() {
        SizingPlan.Workers workers = plan(LOAD, NEAR).workers();
        assertThat(workers.sourceTasks()).isEqualTo(1);
        assertThat(workers.sinkTasks()).isEqualTo(1);
        assertThat(workers.partitions()).isEqualTo(1);
        assertThat(plan(LOAD, NEAR.withTasks(8)).workers().sinkTasks()).isEqualTo(1);
    }

    @Test
    void aFarDestinationIsLimitedByTheRoundTripAndLargerBatchesHelp() {
        Layout far = new Layout(1, 1, 0.5, 50, 1000, 4, 0, 1000);
        SizingPlan plan = plan(LOAD, far);
        assertThat(plan.copy().pace().limit()).isEqualTo(Limit.ROUND_TRIP);
        assertThat(plan.copy().pace().perSecond()).isLessThan(1000 / 0.050);
        assertThat(plan.workers().betterBatchCommands()).isGreaterThan(1000);
        assertThat(plan.copy().withLargerBatches().perSecond())
                .isGreaterThan(3 * plan.copy().pace().perSecond());
    }

    @Test
    void fewCoresAreTheLimitOfANearCopy() {
        Layout small = new Layout(3, 3, 0.1, 0.1, 10_000, 0.5, 0, 1000);
        SizingPlan plan = plan(LOAD, small);
        assertThat(plan.copy().pace().limit()).isEqualTo(Limit.CORES);
        assertThat(plan.copy().pace().perSecond())
                .isCloseTo(
                        0.5e6 / Work.entry(LOAD, Coefficients.CURRENT).costs().total(), within(1.0));
    }

    @Test
    void aSlowNetworkIsTheLimitOfLargeValues() {
        Workload large = new Workload(100_000, 1_000_000, 0, 150, Grouping.BATCH);
        Layout slow = new Layout(1, 1, 1, 1, 100, 8, 0, 1000);
        assertThat(plan(large, slow).copy().pace().limit()).isIn(Limit.SOURCE_LINK, Limit.DESTINATION);
        assertThat(plan(large, slow).copy().seconds()).isGreaterThan(100_000 * 1e6 * 8 / 100e6);
    }

    @Test
    void writesThatAreMoreThanCanBeAppliedAreNeverCaughtUpWith() {
        Workload busy = new Workload(1000, 100, 5_000_000, 150, Grouping.BATCH);
        SizingPlan plan = plan(busy, NEAR);
        assertThat(plan.tooSlow()).isTrue();
        assertThat(plan.stream().keepsUp()).isFalse();
        assertThat(plan.stream().lagMillis()).isInfinite();
        assertThat(plan.copy().catchUpSeconds()).isInfinite();
    }

    @Test
    void aWindowAsksForCoresAndMayBeMissed() {
        Aims soon = new Aims(
                Duration.ofSeconds(30), Duration.ofHours(24), 3, Duration.ofMinutes(10), Duration.ofMinutes(60));
        SizingPlan plan = Sizing.plan(new SizingRequest(LOAD, NEAR, soon), Coefficients.CURRENT);
        assertThat(plan.copy().fitsWindow()).isFalse();
        assertThat(plan.tooSlow()).isTrue();
        assertThat(plan.workers().cores())
                .isGreaterThan(plan(LOAD, NEAR).workers().cores());
    }

    @Test
    void theBacklogHoldsABlipOfWritesAndAHalf() {
        // 10,000 writes of 150 bytes for 10 minutes are 858.3 MiB
        assertThat(plan(LOAD, NEAR).source().backlogBytes()).isEqualTo(Math.ceil(900e6 * 1.5 / MIB) * MIB);
        Workload idle = new Workload(1000, 100, 0, 150, Grouping.BATCH);
        assertThat(plan(idle, NEAR).source().backlogBytes()).isEqualTo(MIB);
        assertThat(plan(idle, NEAR).source().forkBytes()).isZero();
    }

    @Test
    void kafkaKeepsTheCopyAndTheRetentionOnEveryReplica() {
        SizingPlan.Log log = plan(LOAD, NEAR).log();
        Coefficients known = Coefficients.CURRENT;
        assertThat(log.streamBytes()).isCloseTo(10_000.0 * (150 + known.batchLogBytes()) * 86_400 * 3, within(1.0));
        assertThat(log.copyBytes()).isCloseTo(10_000_000.0 * (100 + known.batchLogBytes()) * 3, within(1.0));
    }

    @Test
    void nothingToMoveTakesNoTime() {
        SizingPlan plan = plan(new Workload(0, 0, 0, 0, Grouping.SINGLE), NEAR);
        assertThat(plan.copy().seconds()).isZero();
        assertThat(plan.log().diskBytes()).isZero();
        assertThat(plan.tooSlow()).isFalse();
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new Workload(-1, 1, 1, 1, Grouping.BATCH)).hasMessageContaining("keys");
        assertThatThrownBy(() -> new Workload(1, Double.NaN, 1, 1, Grouping.BATCH))
                .hasMessageContaining("value");
        assertThatThrownBy(() -> new Layout(0, 1, 1, 1, 1, 1, 0, 1)).hasMessageContaining("source shards");
        assertThatThrownBy(() -> new Layout(1, 1, 1, 1, 1, 0, 0, 1)).hasMessageContaining("cores");
        assertThatThrownBy(() -> new Aims(Duration.ZERO, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("window");
    }

    @Test
    void everyCoefficientHasAnOrigin() {
        assertThat(Coefficients.CURRENT.all()).allSatisfy(coefficient -> {
            assertThat(coefficient.name()).isNotBlank();
            assertThat(coefficient.origin()).isNotBlank();
            assertThat(coefficient.value()).isPositive();
        });
    }

    private static SizingPlan plan(Workload load, Layout layout) {
        return Sizing.plan(new SizingRequest(load, layout, AIMS), Coefficients.CURRENT);
    }
}
