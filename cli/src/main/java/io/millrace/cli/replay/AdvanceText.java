package io.millrace.cli.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.output.Quantity;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far a replay is, as a line for people or for machines. */
final class AdvanceText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AdvanceText() {}

    static String line(Advance advance) {
        return "applying " + Quantity.count(advance.done()) + " of " + Quantity.count(advance.total()) + " records ("
                + (advance.total() == 0 ? 100 : 100 * advance.done() / advance.total()) + "%)  "
                + Quantity.count(advance.perSecond()) + " records/s"
                + advance.left()
                        .map(left -> "  " + Quantity.clock(left) + " left")
                        .orElse("")
                + advance.trouble().map(trouble -> "  " + trouble).orElse("");
    }

    static String json(Advance advance, Instant now) {
        ObjectNode node = node("replay", advance, now);
        node.put("recordsPerSecond", advance.perSecond());
        node.put("etaSeconds", advance.left().map(java.time.Duration::toSeconds).orElse(null));
        node.put("trouble", advance.trouble().orElse(null));
        return node.toString();
    }

    /** The last object of a replay that came to its end or was stopped. */
    static String ended(Advance advance, ReplayPlan plan, Instant now) {
        ObjectNode node = node("replayed", advance, now);
        offsets(node.putObject("from"), plan.from());
        offsets(node.putObject("end"), plan.end());
        return node.toString();
    }

    private static ObjectNode node(String event, Advance advance, Instant now) {
        ObjectNode node = JSON.createObjectNode();
        node.put("event", event);
        node.put("time", now.toString());
        node.put("recordsDone", advance.done());
        node.put("recordsTotal", advance.total());
        return node;
    }

    private static void offsets(ObjectNode node, Map<TopicPartition, Long> offsets) {
        offsets.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Partitions.ORDER))
                .forEach(entry -> node.put(entry.getKey().toString(), entry.getValue()));
    }
}
