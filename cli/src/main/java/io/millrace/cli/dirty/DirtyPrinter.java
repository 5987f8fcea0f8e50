package io.millrace.cli.dirty;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import io.millrace.cli.server.KeyNotation;
import io.millrace.recopy.DirtyKey;
import io.millrace.recopy.DirtyMark;

/** Dirty keys as lines for people or JSON lines for machines. */
final class DirtyPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;

    DirtyPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(DirtyKey key, DirtyMark mark) {
        String name = KeyNotation.of(key.key());
        if (terminal.json()) {
            ObjectNode node = JSON.createObjectNode();
            node.put("event", "dirty");
            node.put("db", key.db());
            node.put("key", name);
            node.put("command", mark.command());
            node.put("reason", mark.reason());
            node.put("shard", mark.shard());
            node.put("generation", mark.generation());
            node.put("offset", mark.offset());
            node.put("record", mark.record());
            terminal.out().println(node);
            return;
        }
        terminal.say("  db " + key.db() + "  " + terminal.bold(name));
        terminal.say(terminal.dim("      " + mark.command() + " at offset " + Quantity.count(mark.offset())
                + " (record " + mark.record() + "): " + mark.reason()));
    }

    /** @param event {@code dirty-keys} or {@code recopied} */
    void total(String event, int dirty, int mended) {
        if (terminal.json()) {
            ObjectNode node = JSON.createObjectNode();
            node.put("event", event);
            node.put("dirty", dirty);
            if (event.equals("recopied")) {
                node.put("mended", mended);
            }
            terminal.out().println(node);
        }
    }
}
