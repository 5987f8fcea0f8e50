package io.millrace.cli.crossslot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.crossslot.CrossSlotTally.Line;
import io.millrace.cli.crossslot.CrossSlotTally.Way;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.KeyNotation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A tally as lines for people or one JSON line for machines. */
final class CrossSlotPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    CrossSlotPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(String source, Duration time, CrossSlotTally tally) {
        if (terminal.json()) {
            terminal.out().println(json(time, tally));
            return;
        }
        terminal.say("Read " + Quantity.count(tally.commands()) + " commands and "
                + Quantity.count(tally.transactions()) + " transactions of " + source + " in "
                + Quantity.seconds(time) + ".");
        if (tally.isPlain()) {
            terminal.say("A cluster executes all of them as they are.");
            return;
        }
        group(tally, Way.DIVIDED, "divided by slot, without a difference:");
        if (tally.transactionsAcross() > 0) {
            terminal.say(
                    "transactions over several slots, refused with cross.slot=fail, else one transaction for each slot:");
            line("MULTI … EXEC", tally.transactionsAcross(), tally.transactionExample());
        }
        group(tally, Way.COPIED, "over several slots, executed on copies with cross.slot=copy, else refused:");
        group(tally, Way.REFUSED, "refused in any case, as they name no key or several databases:");
        group(tally, Way.UNKNOWN, "not known, so that their keys cannot be told here:");
        if (tally.otherDatabases() > 0) {
            terminal.say(Quantity.count(tally.otherDatabases())
                    + " commands are of other databases than 0, which a cluster has not got: see database.map.");
        }
    }

    private void group(CrossSlotTally tally, Way way, String title) {
        if (tally.count(way) > 0) {
            terminal.say(title);
            for (Line line : tally.lines()) {
                if (line.way() == way) {
                    line(line.name(), line.count(), line.example());
                }
            }
        }
    }

    private void line(String name, long count, List<byte[]> example) {
        String keys = example.isEmpty()
                ? ""
                : "   such as "
                        + String.join(
                                ", ", example.stream().map(KeyNotation::of).toList());
        terminal.say(String.format(Locale.ROOT, "  %,12d  %s", count, terminal.bold(name)) + terminal.dim(keys));
    }

    private static ObjectNode json(Duration time, CrossSlotTally tally) {
        ObjectNode node = JSON.createObjectNode();
        node.put("event", "cross-slot");
        node.put("millis", time.toMillis());
        node.put("commands", tally.commands());
        node.put("transactions", tally.transactions());
        node.put("transactionsAcross", tally.transactionsAcross());
        keys(node, tally.transactionExample());
        node.put("otherDatabases", tally.otherDatabases());
        for (Way way : Way.values()) {
            node.put(word(way), tally.count(way));
        }
        ArrayNode names = node.putArray("byName");
        for (Line line : tally.lines()) {
            ObjectNode each = names.addObject();
            each.put("name", line.name());
            each.put("way", word(line.way()));
            each.put("count", line.count());
            keys(each, line.example());
        }
        return node;
    }

    private static void keys(ObjectNode node, List<byte[]> example) {
        ArrayNode keys = node.putArray("exampleKeys");
        example.forEach(key -> keys.add(KeyNotation.of(key)));
    }

    private static String word(Way way) {
        return way.name().toLowerCase(Locale.ROOT);
    }
}
