package io.millrace.it.storm;

import io.millrace.it.storm.StormOptions.DestinationKind;
import io.millrace.it.storm.StormPlan.Strike;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one storm.
 *
 * @param exactlyOnce whether the source's records went to Kafka in transactions
 * @param faults by kind
 * @param flowing how many of them struck a pipeline that had caught up since those before
 * @param continued how often the source connector continued where it was
 * @param resynced how often it took a full copy, the first one not counted
 * @param diskRefused how often the source connector's spool met a full disk
 * @param aborted transactions that Kafka had forgotten and that were ended as documented
 * @param longestStallMillis the longest time for which a write that the source had acknowledged was not to be seen at the
 *     destination
 * @param written commands that the source acknowledged
 * @param keysCompared after the storm
 * @param pairsRead how often a pair was read during the storm
 * @param torn how many of these reads saw half of a transaction
 * @param tornInCopy the same while a full copy was applied, which replaces key by key; no fault
 * @param taskFailures why connectors or tasks had failed and were restarted
 * @param differences keys that differ in type, value or expiry
 * @param problem what else went wrong, or null
 */
record StormReport(
        long seed,
        DestinationKind destination,
        boolean exactlyOnce,
        Map<FaultKind, Integer> faults,
        int flowing,
        int continued,
        int resynced,
        int diskRefused,
        int aborted,
        long longestStallMillis,
        long written,
        long keysCompared,
        long pairsRead,
        int torn,
        int tornInCopy,
        List<String> taskFailures,
        long differences,
        String problem,
        long seconds) {

    static Map<FaultKind, Integer> count(List<Strike> strikes) {
        Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
        strikes.forEach(strike -> counts.merge(strike.kind(), 1, Integer::sum));
        return counts;
    }

    int faultCount() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Nothing lost, nothing doubled, nothing torn. */
    boolean holds() {
        return problem == null && differences == 0 && torn == 0;
    }

    String verdict() {
        if (holds()) {
            return "holds";
        }
        return problem != null
                ? problem
                : differences + " differ, " + torn + " torn, " + taskFailures.size() + " failed";
    }
}
