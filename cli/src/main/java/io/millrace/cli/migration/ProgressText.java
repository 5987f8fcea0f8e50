package io.millrace.cli.migration;

import static io.millrace.cli.output.Quantity.bytes;
import static io.millrace.cli.output.Quantity.clock;
import static io.millrace.cli.output.Quantity.count;
import static io.millrace.cli.output.Quantity.seconds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.change.Position;
import java.time.Instant;
import java.util.Locale;

/** A progress as a line for people or for machines. */
final class ProgressText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ProgressText() {}

    static String line(Progress p) {
        return String.format(Locale.ROOT, "%-9s", p.phase().label())
                + switch (p.phase()) {
                    case STARTING -> "waiting for the source's snapshot of " + count(p.keysTotal()) + " keys";
                    case SNAPSHOT -> copying(p);
                    case STREAM -> live(p);
                    case DRAINING -> count(p.recordsLeft()) + " records left in the log";
                }
                + p.trouble().map(trouble -> "  " + trouble).orElse("");
    }

    private static String copying(Progress p) {
        StringBuilder line = new StringBuilder();
        line.append(count(p.keysDone()))
                .append(" of ")
                .append(count(p.keysTotal()))
                .append(" keys");
        if (p.keysTotal() > 0) {
            line.append(" (").append(100 * p.keysDone() / p.keysTotal()).append("%)");
        }
        line.append("  ").append(bytes(p.bytesDone()));
        p.bytesTotal().ifPresent(total -> line.append(" of about ").append(bytes(total)));
        line.append("  ").append(count(p.keysPerSecond())).append(" keys/s  ");
        line.append(bytes(p.bytesPerSecond())).append("/s");
        p.eta().ifPresent(eta -> line.append("  ").append(clock(eta)).append(" left"));
        return line.toString();
    }

    private static String live(Progress p) {
        StringBuilder line = new StringBuilder("lag ");
        line.append(p.lagBytes().isPresent() ? bytes(p.lagBytes().getAsLong()) : "unknown");
        p.lag().ifPresent(lag -> line.append(", ").append(seconds(lag)));
        line.append("  ").append(bytes(p.bytesPerSecond())).append("/s  ");
        line.append(count(p.keysDone())).append(" keys at the target");
        if (p.recordsLeft() > 0) {
            line.append("  ").append(count(p.recordsLeft())).append(" records waiting");
        }
        return line.toString();
    }

    /** One JSON object; what is not known yet is null. */
    static String json(Progress p, Instant now) {
        ObjectNode node = JSON.createObjectNode();
        node.put("event", "progress");
        node.put("time", now.toString());
        node.put("phase", p.phase().name().toLowerCase(Locale.ROOT));
        node.put("keysDone", p.keysDone());
        node.put("keysTotal", p.keysTotal());
        node.put("bytesDone", p.bytesDone());
        node.put("bytesTotal", p.bytesTotal().isPresent() ? p.bytesTotal().getAsLong() : null);
        node.put("keysPerSecond", p.keysPerSecond());
        node.put("bytesPerSecond", p.bytesPerSecond());
        node.put("etaSeconds", p.eta().isPresent() ? p.eta().get().toSeconds() : null);
        node.put("lagBytes", p.lagBytes().isPresent() ? p.lagBytes().getAsLong() : null);
        node.put("lagMillis", p.lag().isPresent() ? p.lag().get().toMillis() : null);
        node.put("recordsLeft", p.recordsLeft());
        node.put("trouble", p.trouble().orElse(null));
        return node.toString();
    }

    /** The last JSON object of a run that was stopped or came to its end. */
    static String stopped(Migration.Drained drained, Instant now) {
        ObjectNode node = JSON.createObjectNode();
        node.put("event", "stopped");
        node.put("time", now.toString());
        node.put("recordsLeft", drained.recordsLeft());
        node.put("generation", drained.position().map(Position::generation).orElse(null));
        node.put("sourceOffset", drained.position().map(Position::offset).orElse(null));
        if (!drained.positions().isEmpty() && drained.position().isEmpty()) {
            ArrayNode shards = node.putArray("shards");
            drained.positions()
                    .forEach((shard, position) -> shards.addObject()
                            .put("shard", shard)
                            .put("generation", position.generation())
                            .put("sourceOffset", position.offset()));
        }
        return node.toString();
    }
}
