package io.millrace.source.cluster;

import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.endpoint.Address;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A cluster whose slots move key by key while clients write, in steps: what each master has, and what it sends. */
final class ModelCluster {

    /** One master. */
    static final class Node {
        final String id;
        final Map<String, String> data = new TreeMap<>();
        final List<CommandChange> stream = new ArrayList<>();
        final Map<String, Long> acknowledged = new HashMap<>();
        SlotSet slots = SlotSet.NONE;
        SlotSet moving = SlotSet.NONE;
        long epoch;
        long offset = 100;

        Node(String id) {
            this.id = id;
        }

        Sighting sighting(long round) {
            return new Sighting(
                    id,
                    id,
                    new Address("127.0.0.1", 7000),
                    slots,
                    moving,
                    epoch,
                    "history-" + id,
                    offset,
                    Map.copyOf(acknowledged),
                    round);
        }

        private void send(String name, String... args) {
            byte[][] bytes = new byte[args.length][];
            for (int i = 0; i < args.length; i++) {
                bytes[i] = args[i].getBytes(StandardCharsets.UTF_8);
            }
            offset += 10;
            Origin origin = new Origin(id, 1, "history-" + id, 0, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
            stream.add(new CommandChange(
                    origin, 0, offset, new Command(name, bytes, new int[] {0}), Expiry.NONE, null, null));
        }
    }

    /** A slot on its way. */
    private static final class Move {
        final int slot;
        final Node from;
        final Node to;
        boolean begun;
        boolean taken;

        Move(int slot, Node from, Node to) {
            this.slot = slot;
            this.from = from;
            this.to = to;
        }
    }

    final List<Node> nodes = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<Integer> slots = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final Random random;
    private int written;

    ModelCluster(Random random, int shards, int tags, int keysOfEach) {
        this.random = random;
        for (int i = 0; i < shards; i++) {
            Node node = new Node(String.valueOf((char) ('A' + i)).repeat(16));
            node.epoch = i + 1;
            nodes.add(node);
        }
        for (int i = 0; i < tags; i++) {
            int slot = HashSlot.of(("t" + i).getBytes(StandardCharsets.UTF_8));
            slots.add(slot);
            Node node = nodes.get(i % shards);
            node.slots = node.slots.union(SlotSet.of(slot));
            for (int k = 0; k < keysOfEach; k++) {
                keys.add("{t" + i + "}" + k);
            }
        }
    }

    Map<String, String> truth() {
        Map<String, String> all = new TreeMap<>();
        nodes.forEach(node -> all.putAll(node.data));
        return all;
    }

    /** How many slots are on their way. */
    int moves() {
        return moves.size();
    }

    void write() {
        String key = keys.get(random.nextInt(keys.size()));
        int slot = HashSlot.of(key.getBytes(StandardCharsets.UTF_8));
        Node node = server(key, slot);
        String value = "." + written++;
        switch (random.nextInt(5)) {
            case 0 -> {
                if (node.data.remove(key) != null) {
                    node.send("DEL", key);
                }
            }
            case 1 -> {
                node.data.put(key, value);
                node.send("SET", key, value);
            }
            default -> {
                node.data.merge(key, value, String::concat);
                node.send("APPEND", key, value);
            }
        }
    }

    void ping() {
        nodes.get(random.nextInt(nodes.size())).offset += 3;
    }

    private Node server(String key, int slot) {
        for (Move move : moves) {
            if (move.slot == slot && move.begun) {
                return move.from.data.containsKey(key) ? move.from : move.to;
            }
        }
        return nodes.stream()
                .filter(node -> node.slots.contains(slot))
                .findFirst()
                .orElseThrow();
    }

    /** A slot that is at rest sets out, unless all are on their way. */
    void beginMove() {
        int slot = slots.get(random.nextInt(slots.size()));
        if (moves.stream().anyMatch(move -> move.slot == slot)) {
            return;
        }
        Node from = nodes.stream()
                .filter(node -> node.slots.contains(slot))
                .findFirst()
                .orElseThrow();
        Node to = nodes.get(random.nextInt(nodes.size()));
        if (to != from) {
            moves.add(new Move(slot, from, to));
        }
    }

    /** One step of a slot on its way: a key, or whose it is. */
    void move() {
        if (moves.isEmpty()) {
            return;
        }
        // Who moves slots tells the former owner right after the new one.
        Move move = moves.stream()
                .filter(each -> each.taken)
                .findFirst()
                .orElseGet(() -> moves.get(random.nextInt(moves.size())));
        SlotSet slot = SlotSet.of(move.slot);
        if (!move.begun) {
            move.begun = true;
            move.from.moving = move.from.moving.union(slot);
            move.to.moving = move.to.moving.union(slot);
            return;
        }
        String key = move.from.data.keySet().stream()
                .filter(each -> HashSlot.of(each.getBytes(StandardCharsets.UTF_8)) == move.slot)
                .findFirst()
                .orElse(null);
        if (key != null) {
            String value = move.from.data.remove(key);
            move.to.data.put(key, value);
            move.to.send("RESTORE-ASKING", key, "0", value, "REPLACE");
            move.from.send("DEL", key);
        } else if (!move.taken) {
            move.taken = true;
            long highest = nodes.stream().mapToLong(node -> node.epoch).max().orElseThrow();
            move.to.epoch = move.to.epoch == highest ? highest : highest + 1;
            move.to.slots = move.to.slots.union(slot);
            move.to.moving = move.to.moving.minus(slot);
        } else {
            move.from.slots = move.from.slots.minus(slot);
            move.from.moving = move.from.moving.minus(slot);
            moves.remove(move);
        }
    }
}
