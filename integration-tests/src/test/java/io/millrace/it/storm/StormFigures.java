package io.millrace.it.storm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The reports of several storms, for people and for programs. */
final class StormFigures {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String ROW = "%20s %-10s %6s %7s %9s %8s %8s %9s %7s %7s %5s %5s  %s";

    private StormFigures() {}

    static List<String> table(List<StormReport> reports) {
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted(
                "seed",
                "to",
                "faults",
                "flowing",
                "continued",
                "resynced",
                "stall s",
                "commands",
                "keys",
                "pairs",
                "torn",
                "s",
                "outcome"));
        for (StormReport r : reports) {
            lines.add(ROW.formatted(
                    r.seed(),
                    r.destination(),
                    r.faultCount(),
                    r.flowing(),
                    r.continued(),
                    r.resynced(),
                    "%.1f".formatted(r.longestStallMillis() / 1000.0),
                    r.written(),
                    r.keysCompared(),
                    r.pairsRead(),
                    r.torn(),
                    r.seconds(),
                    r.verdict()));
        }
        lines.add("");
        faults(reports).forEach((kind, count) -> lines.add("%6d  %s".formatted(count, kind)));
        lines.add(
                "%6d  faults in %d storms, of which %d hold; recovered by continue %d times, by resync %d times; longest"
                                .formatted(
                                        reports.stream()
                                                .mapToInt(StormReport::faultCount)
                                                .sum(),
                                        reports.size(),
                                        reports.stream()
                                                .filter(StormReport::holds)
                                                .count(),
                                        reports.stream()
                                                .mapToInt(StormReport::continued)
                                                .sum(),
                                        reports.stream()
                                                .mapToInt(StormReport::resynced)
                                                .sum())
                        + " stall %.1f s"
                                .formatted(reports.stream()
                                                .mapToLong(StormReport::longestStallMillis)
                                                .max()
                                                .orElse(0)
                                        / 1000.0));
        return lines;
    }

    static String json(List<StormReport> reports) {
        ArrayNode storms = JSON.createArrayNode();
        for (StormReport r : reports) {
            ObjectNode storm = storms.addObject();
            storm.put("seed", r.seed());
            storm.put("destination", r.destination().toString());
            storm.put("source", r.exactlyOnce() ? "exactly-once" : "plain");
            storm.put("holds", r.holds());
            ObjectNode faults = storm.putObject("faults");
            r.faults().forEach((kind, count) -> faults.put(kind.toString(), count));
            storm.put("faultsThatStruckAFlowingPipeline", r.flowing());
            storm.put("recoveriesByContinue", r.continued());
            storm.put("recoveriesByResync", r.resynced());
            storm.put("spoolMetAFullDisk", r.diskRefused());
            storm.put("hangingTransactionsAborted", r.aborted());
            storm.put("longestStallMillis", r.longestStallMillis());
            storm.put("commandsWritten", r.written());
            storm.put("keysCompared", r.keysCompared());
            storm.put("pairsRead", r.pairsRead());
            storm.put("tornPairs", r.torn());
            storm.put("pairsSeenDuringACopy", r.tornInCopy());
            storm.put("differences", r.differences());
            storm.put("seconds", r.seconds());
            storm.put("problem", r.problem());
            r.taskFailures().forEach(storm.putArray("taskFailures")::add);
        }
        try {
            return JSON.writeValueAsString(storms);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<FaultKind, Integer> faults(List<StormReport> reports) {
        Map<FaultKind, Integer> all = new EnumMap<>(FaultKind.class);
        reports.forEach(r -> r.faults().forEach((kind, count) -> all.merge(kind, count, Integer::sum)));
        return all;
    }
}
