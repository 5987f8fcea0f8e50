package io.millrace.sink.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.sink.Feed;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.LogPosition;
import io.millrace.sink.checkpoint.SlotCheckpoints;
import io.millrace.sink.plan.PlannedCommand;
import io.millrace.sink.plan.Unit;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Runs and their notes against a model of a cluster whose nodes lose, at any moment, what came after any step since the main
 * checkpoint last moved, while the sink starts again from that checkpoint. At the end every key is what it should be.
 */
class SlotRunsPropertyTest {

    private static final LogPartition PARTITION = new LogPartition(Planned.TOPIC, 0);
    private static final int NODES = 2;

    /** Keys in five slots. */
    private static final List<String> TAGS = List.of("{a}", "{b}", "{c}", "{d}", "{e}");

    /** What one node has been through: its keys after every transaction. */
    private static final class NodeModel {
        private final List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));

        Map<String, String> now() {
            return states.get(states.size() - 1);
        }

        void execute(List<PlannedCommand> commands, List<Note> notes) {
            Map<String, String> next = new HashMap<>(now());
            commands.forEach(command -> apply(next, command.name().text(), command.args()));
            notes.forEach(note -> apply(next, note.name().text(), note.args()));
            states.add(next);
        }

        /** Its replicas have all of it. */
        void keep() {
            states.subList(0, states.size() - 1).clear();
        }

        /** Another node takes its place, with less. */
        void lose(Random random) {
            int left = 1 + random.nextInt(states.size());
            states.subList(left, states.size()).clear();
        }
    }

    private static void apply(Map<String, String> keys, String name, byte[][] args) {
        String key = text(args[0]);
        switch (name) {
            case "SET" -> keys.put(key, text(args[1]));
            case "DEL" -> keys.remove(key);
            case "INCR" -> keys.merge(key, "1", (old, one) -> Long.toString(Long.parseLong(old) + 1));
            case "RENAME" -> keys.put(text(args[1]), keys.remove(key));
            default -> throw new AssertionError(name);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static NodeModel nodeOf(NodeModel[] nodes, int slot) {
        return nodes[slot % NODES];
    }

    @Property(tries = 400)
    void whateverIsLostIsAppliedAgainAndNothingElse(@ForAll long seed) {
        Random random = new Random(seed);
        List<Change> changes = new ArrayList<>();
        Map<String, String> expected = changes(changes, random);
        List<Unit> units = Planned.units(0, changes);
        SlotNotes notes = new SlotNotes(new CheckpointKeys("c"));
        NodeModel[] nodes = {new NodeModel(), new NodeModel()};
        LogPosition main = LogPosition.NONE;
        boolean done = false;
        while (!done) {
            SlotCheckpoints slots = read(nodes);
            LogPosition begun = main;
            List<Unit> left = units.stream()
                    .filter(unit ->
                            unit.position().isAfter(begun) && !slots.covers(PARTITION, unit.slot(), unit.position()))
                    .toList();
            SlotRuns runs = new SlotRuns(notes);
            done = true;
            int from = 0;
            while (from < left.size() && done) {
                int end = Math.min(left.size(), from + 1 + random.nextInt(12));
                List<Run> window = new ArrayList<>(runs.build(left.subList(from, end)));
                done = apply(window, nodes, random);
                from = end;
                if (done && random.nextInt(3) == 0) {
                    main = left.get(end - 1).position();
                    for (NodeModel node : nodes) {
                        node.keep();
                    }
                }
            }
            if (!done && random.nextBoolean()) {
                nodes[random.nextInt(NODES)].lose(random);
            }
        }
        Map<String, String> found = new HashMap<>();
        for (NodeModel node : nodes) {
            node.now().forEach((key, value) -> {
                if (!key.startsWith("__millrace:")) {
                    found.put(key, value);
                }
            });
        }
        assertThat(found).isEqualTo(expected);
    }

    /** False when the sink ended in the middle; the runs of a window have no order. */
    private static boolean apply(List<Run> window, NodeModel[] nodes, Random random) {
        Collections.shuffle(window, random);
        for (Run run : window) {
            while (!run.isDone()) {
                if (random.nextInt(25) == 0) {
                    return false;
                }
                if (random.nextInt(4) == 0) {
                    run.narrow();
                }
                List<PlannedCommand> commands = new ArrayList<>();
                run.units()
                        .subList(run.done(), run.stepEnd())
                        .forEach(unit -> commands.addAll(List.of(unit.commands())));
                nodeOf(nodes, run.slot()).execute(commands, run.notes());
                run.advance(run.stepEnd());
            }
        }
        return true;
    }

    private static SlotCheckpoints read(NodeModel[] nodes) {
        SlotCheckpoints slots = new SlotCheckpoints();
        CheckpointKeys keys = new CheckpointKeys("c");
        for (String tag : TAGS) {
            int slot = HashSlot.of(Feed.bytes(tag));
            String position = nodeOf(nodes, slot).now().get(text(keys.slot(slot, PARTITION)));
            if (position != null) {
                slots.put(PARTITION, slot, LogPosition.parse(position));
            }
        }
        return slots;
    }

    /** Mostly assignments, so that windows without checkpoints are met often. */
    private static Map<String, String> changes(List<Change> changes, Random random) {
        Feed feed = new Feed(1);
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < 120; i++) {
            String tag = TAGS.get(random.nextInt(TAGS.size()));
            String key = tag + random.nextInt(3);
            Object[] command = switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> new Object[] {"SET", key, i};
                case 4 -> new Object[] {"DEL", key};
                case 5 ->
                    keys.containsKey(key) ? new Object[] {"RENAME", key, tag + "other"} : new Object[] {"INCR", key};
                default -> new Object[] {"INCR", key};
            };
            Change change = feed.command(command);
            changes.add(change);
            byte[][] args = new byte[command.length - 1][];
            for (int a = 1; a < command.length; a++) {
                args[a - 1] = Feed.bytes(command[a]);
            }
            apply(keys, (String) command[0], args);
        }
        return keys;
    }
}
