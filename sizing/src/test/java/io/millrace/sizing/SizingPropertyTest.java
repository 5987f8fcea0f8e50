package io.millrace.sizing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Whatever the figures: more of what costs never makes anything better, more of what helps never makes it worse. */
class SizingPropertyTest {
    private static final Aims AIMS =
            new Aims(null, Duration.ofHours(24), 3, Duration.ofMinutes(10), Duration.ofMinutes(60));

    /** Rounding of sums. */
    private static final double EVEN = 1 + 1e-9;

    @Property
    void moreDataNeverTakesLess(
            @ForAll @LongRange(max = 10_000_000_000L) long keys,
            @ForAll @LongRange(max = 1_000_000_000L) long moreKeys,
            @ForAll @DoubleRange(max = 1e6) double bytes,
            @ForAll @DoubleRange(max = 1e5) double moreBytes,
            @ForAll @IntRange(min = 1, max = 64) int shards,
            @ForAll @DoubleRange(max = 200) double roundTrip,
            @ForAll Grouping grouping) {
        Layout layout = layout(shards, roundTrip, 4);
        SizingPlan less = plan(new Workload(keys, bytes, 1000, 150, grouping), layout);
        SizingPlan more = plan(new Workload(keys + moreKeys, bytes + moreBytes, 1000, 150, grouping), layout);
        assertThat(more.copy().seconds() * EVEN)
                .isGreaterThanOrEqualTo(less.copy().seconds());
        assertThat(more.log().copyBytes() * EVEN)
                .isGreaterThanOrEqualTo(less.log().copyBytes());
        assertThat(more.workers().heapBytes())
                .isGreaterThanOrEqualTo(less.workers().heapBytes());
        assertThat(more.source().forkBytes() * EVEN)
                .isGreaterThanOrEqualTo(less.source().forkBytes());
    }

    @Property
    void moreWritesNeverNeedLess(
            @ForAll @DoubleRange(max = 1e7) double writes,
            @ForAll @DoubleRange(max = 1e6) double more,
            @ForAll @DoubleRange(min = 1, max = 1e5) double bytes,
            @ForAll @IntRange(min = 1, max = 64) int shards,
            @ForAll @DoubleRange(max = 200) double roundTrip) {
        Layout layout = layout(shards, roundTrip, 4).withTasks(shards);
        SizingPlan few = plan(new Workload(1_000_000, 100, writes, bytes, Grouping.BATCH), layout);
        SizingPlan many = plan(new Workload(1_000_000, 100, writes + more, bytes, Grouping.BATCH), layout);
        assertThat(many.stream().lagMillis() * EVEN)
                .isGreaterThanOrEqualTo(few.stream().lagMillis());
        assertThat(many.copy().catchUpSeconds() * EVEN)
                .isGreaterThanOrEqualTo(few.copy().catchUpSeconds());
        assertThat(many.workers().cores() * EVEN)
                .isGreaterThanOrEqualTo(few.workers().cores());
        assertThat(many.source().backlogBytes())
                .isGreaterThanOrEqualTo(few.source().backlogBytes());
        assertThat(many.source().spoolBytes())
                .isGreaterThanOrEqualTo(few.source().spoolBytes());
        assertThat(many.log().diskBytes() * EVEN)
                .isGreaterThanOrEqualTo(few.log().diskBytes());
    }

    @Property
    void distanceNeverHelps(
            @ForAll @DoubleRange(max = 500) double roundTrip,
            @ForAll @DoubleRange(max = 500) double more,
            @ForAll @DoubleRange(min = 1, max = 1e6) double bytes,
            @ForAll @IntRange(min = 1, max = 16) int shards) {
        Workload load = new Workload(1_000_000, bytes, 100, 150, Grouping.BATCH);
        SizingPlan near = plan(load, layout(shards, roundTrip, 4));
        SizingPlan far = plan(load, layout(shards, roundTrip + more, 4));
        assertThat(far.copy().seconds() * EVEN)
                .isGreaterThanOrEqualTo(near.copy().seconds());
        assertThat(far.stream().lagMillis() * EVEN)
                .isGreaterThanOrEqualTo(near.stream().lagMillis());
    }

    @Property
    void moreShardsAndCoresNeverHurt(
            @ForAll @IntRange(min = 1, max = 64) int shards,
            @ForAll @IntRange(max = 16) int more,
            @ForAll @DoubleRange(max = 200) double roundTrip,
            @ForAll @DoubleRange(min = 1, max = 1e5) double bytes) {
        Workload load = new Workload(1_000_000, bytes, 0, 150, Grouping.BATCH);
        SizingPlan small = plan(load, layout(shards, roundTrip, 2));
        SizingPlan large = plan(load, layout(shards + more, roundTrip, 2 + more));
        assertThat(large.copy().seconds()).isLessThanOrEqualTo(small.copy().seconds() * EVEN);
    }

    @Property
    void theLimitIsTheLowestCeiling(
            @ForAll @DoubleRange(max = 200) double roundTrip,
            @ForAll @DoubleRange(max = 1e6) double bytes,
            @ForAll @IntRange(min = 1, max = 32) int shards,
            @ForAll Grouping grouping) {
        Pace pace = plan(new Workload(1000, bytes, 0, 150, grouping), layout(shards, roundTrip, 4))
                .copy()
                .pace();
        assertThat(pace.perSecond()).isPositive().isFinite();
        assertThat(pace.ceilings()).containsOnlyKeys(Limit.values());
        assertThat(pace.ceilings().values()).allMatch(ceiling -> ceiling >= pace.perSecond());
        assertThat(pace.ceilings().get(pace.limit())).isEqualTo(pace.perSecond());
    }

    @Property
    void largerBatchesNeverHurt(
            @ForAll @DoubleRange(max = 500) double roundTrip, @ForAll @DoubleRange(max = 1e5) double bytes) {
        SizingPlan.Copy copy = plan(new Workload(1000, bytes, 0, 150, Grouping.BATCH), layout(1, roundTrip, 4))
                .copy();
        assertThat(copy.withLargerBatches().perSecond() * EVEN)
                .isGreaterThanOrEqualTo(copy.pace().perSecond());
    }

    private static SizingPlan plan(Workload load, Layout layout) {
        return Sizing.plan(new SizingRequest(load, layout, AIMS), Coefficients.CURRENT);
    }

    private static Layout layout(int shards, double roundTrip, double cores) {
        return new Layout(shards, shards, roundTrip, roundTrip, 1000, cores, 0, 1000);
    }
}
