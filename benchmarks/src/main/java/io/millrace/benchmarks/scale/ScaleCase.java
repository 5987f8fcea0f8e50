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
 * @param partitions of a source cluster's topic, each with a sink task of its own; 0 for Millrace's default with one task
 */
record ScaleCase(Axis axis, int shards, int sourceMillis, int targetMillis, int batchCommands, int partitions) {

    /** What is varied. */
    enum Axis {
        SHARDS,
        PARTITIONS,
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
            new ScaleCase(Axis.SHARDS, 3, 0, 0, USUAL_BATCH),
            new ScaleCase(Axis.PARTITIONS, 3, 0, 0, USUAL_BATCH, 1),
            new ScaleCase(Axis.PARTITIONS, 3, 0, 0, USUAL_BATCH, 3),
            new ScaleCase(Axis.PARTITIONS, 3, 0, 0, USUAL_BATCH, 12));

    private ScaleCase(Axis axis, int shards, int sourceMillis, int targetMillis, int batchCommands) {
        this(axis, shards, sourceMillis, targetMillis, batchCommands, 0);
    }

    /** Of the sink connector. */
    int sinkTasks() {
        return Math.max(1, partitions);
    }

    String text() {
        String source = shards == 0 ? "one server" : "cluster of " + shards;
        return String.format(
                Locale.ROOT,
                "%s, %d ms to it, %d ms to the target%s%s",
                source,
                sourceMillis,
                targetMillis,
                batchCommands == USUAL_BATCH ? "" : ", batches of " + batchCommands,
                switch (partitions) {
                    case 0 -> "";
                    case 1 -> ", one partition";
                    default -> ", " + partitions + " partitions, a sink task each";
                });
    }
}
