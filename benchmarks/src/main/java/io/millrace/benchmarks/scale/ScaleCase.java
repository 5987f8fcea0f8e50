package io.millrace.benchmarks.scale;

import java.util.List;
import java.util.Locale;

/**
 * One arrangement.
 *
 * @param shards masters of a source cluster; 0 for a single server
 * @param sourceMillis round trip to the source
 * @param targetMillis round trip to the target
 * @param batchCommands the sink connector's {@code batch.max.commands}, and {@code in.flight.max.commands}
 */
record ScaleCase(Axis axis, int shards, int sourceMillis, int targetMillis, int batchCommands) {

    /** What is varied. */
    enum Axis {
        SHARDS,
        DESTINATION,
        SOURCE,
        BATCH;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final int USUAL_BATCH = 1000;

    static final List<ScaleCase> ALL = List.of(
            new ScaleCase(Axis.DESTINATION, 0, 0, 0, USUAL_BATCH),
            new ScaleCase(Axis.DESTINATION, 0, 0, 5, USUAL_BATCH),
            new ScaleCase(Axis.DESTINATION, 0, 0, 20, USUAL_BATCH),
            new ScaleCase(Axis.DESTINATION, 0, 0, 50, USUAL_BATCH),
            new ScaleCase(Axis.BATCH, 0, 0, 50, 5000),
            new ScaleCase(Axis.BATCH, 0, 0, 50, 20_000),
            new ScaleCase(Axis.SOURCE, 0, 5, 0, USUAL_BATCH),
            new ScaleCase(Axis.SOURCE, 0, 20, 0, USUAL_BATCH),
            new ScaleCase(Axis.SOURCE, 0, 50, 0, USUAL_BATCH),
            new ScaleCase(Axis.SHARDS, 1, 0, 0, USUAL_BATCH),
            new ScaleCase(Axis.SHARDS, 2, 0, 0, USUAL_BATCH),
            new ScaleCase(Axis.SHARDS, 3, 0, 0, USUAL_BATCH));

    String text() {
        String source = shards == 0 ? "one server" : "cluster of " + shards;
        return String.format(
                Locale.ROOT,
                "%s, %d ms to it, %d ms to the target%s",
                source,
                sourceMillis,
                targetMillis,
                batchCommands == USUAL_BATCH ? "" : ", batches of " + batchCommands);
    }
}
