package io.millrace.benchmarks.scale;

import io.millrace.sizing.Aims;
import io.millrace.sizing.Coefficients;
import io.millrace.sizing.Grouping;
import io.millrace.sizing.Layout;
import io.millrace.sizing.Sizing;
import io.millrace.sizing.SizingPlan;
import io.millrace.sizing.SizingRequest;
import io.millrace.sizing.Workload;
import java.time.Duration;

/** What the formulas say of an arrangement on this machine, whose cores the servers and the broker share with the worker. */
final class Predicted {
    private static final int KEY_BYTES = 12;
    private static final int SET_BYTES = 145;
    private static final double LOOPBACK_MEGABITS = 20_000;
    private static final Aims AIMS = new Aims(null, Duration.ZERO, 1, Duration.ZERO, Duration.ZERO);

    private Predicted() {}

    /** @param cores that were there for all processes together while the copy was measured */
    static SizingPlan copy(ScaleCase scale, int keys, double cores) {
        Coefficients known = Coefficients.CURRENT;
        return plan(
                scale,
                keys,
                cores,
                known.entry().total(),
                known.brokerEntryMicros() + known.serverEntryMicros() + known.snapshotMicrosAKey());
    }

    static SizingPlan stream(ScaleCase scale, int keys, double cores) {
        Coefficients known = Coefficients.CURRENT;
        return plan(
                scale, keys, cores, known.command().total(), known.brokerCommandMicros() + known.serverCommandMicros());
    }

    /** The worker's share of the cores is as large as its share of the work. */
    private static SizingPlan plan(ScaleCase scale, int keys, double cores, double workers, double others) {
        Workload load = new Workload(keys, Site.VALUE_BYTES + KEY_BYTES, 0, SET_BYTES, Grouping.BATCH);
        Layout layout = new Layout(
                Math.max(1, scale.shards()),
                1,
                scale.sourceMillis(),
                scale.targetMillis(),
                LOOPBACK_MEGABITS,
                cores * workers / (workers + others),
                scale.sinkTasks(),
                scale.batchCommands());
        return Sizing.plan(new SizingRequest(load, layout, AIMS), Coefficients.CURRENT);
    }
}
