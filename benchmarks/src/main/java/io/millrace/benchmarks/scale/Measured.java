package io.millrace.benchmarks.scale;

import io.millrace.benchmarks.table.Stage;
import java.util.Map;

/**
 * What one arrangement did.
 *
 * @param copyPerSecond keys a second, from two fifths of the copy to its end but a twentieth
 * @param copyCores cores that were there for all processes meanwhile
 * @param copyStages microseconds a key by stage, of the same part
 * @param streamPerSecond commands a second of the second half of a burst
 * @param lagMillis half of the markers on an idle source took less
 * @param logBytes in Kafka for a key of the copy
 */
record Measured(
        double copyPerSecond,
        double copyCores,
        Map<Stage, Double> copyStages,
        double streamPerSecond,
        double streamCores,
        Map<Stage, Double> streamStages,
        double lagMillis,
        double logBytes) {}
