package io.millrace.source.cluster;

import io.millrace.change.Command;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the stream of a shard says about migrations of whole slots, which copy them to the new owner before it takes over.
 *
 * <p>Valkey 9 (cluster_migrateslots.c) tells the new owner's replicas {@code CLUSTER SYNCSLOTS ESTABLISH SOURCE id NAME name
 * SLOTSRANGE first last ...} and {@code CLUSTER SYNCSLOTS FINISH STATE state NAME name MESSAGE text}, and the old owner's
 * nothing but the UNLINK of each key. Redis 8.4 (cluster_asm.c) tells both {@code CLUSTER SYNCSLOTS CONF ASM-TASK
 * id:source:destination:operation:state:slots}, and the old owner's {@code TRIMSLOTS RANGES count first last ...}. Observed
 * with Valkey 9.1.2 and Redis 8.6.3.
 */
sealed interface Migrations {

    /** A copy of slots begins to come; it may yet be thrown away. */
    record Begins(String name, SlotSet slots) implements Migrations {}

    /**
     * The copy is complete and the slots are the shard's.
     *
     * @param marked whether the former owner's stream says where it gave the slots up: in Redis it does
     */
    record TakesOver(String name, boolean marked) implements Migrations {}

    /** The copy is thrown away. */
    record Fails(String name) implements Migrations {}

    /** Slots have gone to another shard. */
    record GivesUp(SlotSet slots) implements Migrations {}

    /** Of no consequence. */
    record Other() implements Migrations {}

    /** Whether a command is of this kind. It is never published: it means nothing elsewhere. */
    static boolean isOne(Command command) {
        return command.name().equals("TRIMSLOTS") || command.name().equals("CLUSTER");
    }

    static Migrations of(Command command) {
        List<String> words = new ArrayList<>();
        for (byte[] arg : command.args()) {
            words.add(new String(arg, StandardCharsets.UTF_8));
        }
        if (command.name().equals("TRIMSLOTS")) {
            return new GivesUp(ranges(words, 2));
        }
        if (words.size() < 3 || !words.get(0).equalsIgnoreCase("SYNCSLOTS")) {
            return new Other();
        }
        return switch (words.get(1).toUpperCase(java.util.Locale.ROOT)) {
            case "ESTABLISH" -> {
                String name = after(words, "NAME");
                int ranges = words.indexOf("SLOTSRANGE");
                yield name == null || ranges < 0 ? new Other() : new Begins(name, ranges(words, ranges + 1));
            }
            case "FINISH" -> {
                String name = after(words, "NAME");
                yield name == null
                        ? new Other()
                        : "SUCCESS".equals(after(words, "STATE")) ? new TakesOver(name, false) : new Fails(name);
            }
            case "CONF" -> task(after(words, "ASM-TASK"));
            default -> new Other();
        };
    }

    /** {@code id:source:destination:operation:state:slots} */
    static Migrations task(String text) {
        String[] parts = text == null ? new String[0] : text.split(":");
        if (parts.length != 6) {
            return new Other();
        }
        if (parts[3].equals("migrate")) {
            return parts[4].equals("completed") ? new GivesUp(slots(parts[5])) : new Other();
        }
        return switch (parts[4]) {
            case "completed" -> new TakesOver(parts[0], true);
            case "failed", "canceled" -> new Fails(parts[0]);
            default -> new Begins(parts[0], slots(parts[5]));
        };
    }

    /** {@code 3300-3310}, several with blanks between. */
    private static SlotSet slots(String text) {
        SlotSet slots = SlotSet.NONE;
        for (String range : text.split("[ ,]")) {
            slots = range.isEmpty() ? slots : slots.union(SlotSet.parse(range));
        }
        return slots;
    }

    private static SlotSet ranges(List<String> words, int from) {
        SlotSet slots = SlotSet.NONE;
        for (int i = from; i + 1 < words.size(); i += 2) {
            slots = slots.union(SlotSet.range(Integer.parseInt(words.get(i)), Integer.parseInt(words.get(i + 1))));
        }
        return slots;
    }

    private static String after(List<String> words, String word) {
        int at = words.indexOf(word);
        return at < 0 || at + 1 >= words.size() ? null : words.get(at + 1);
    }
}
