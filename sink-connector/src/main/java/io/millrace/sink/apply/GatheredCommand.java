package io.millrace.sink.apply;

import io.millrace.change.CommandChange;
import io.millrace.command.Command;
import io.millrace.command.CommandTable;
import io.millrace.sink.plan.PlannedCommand;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command whose keys are in several slots, and the copies of its keys that it is executed on. */
final class GatheredCommand {

    /**
     * One key of the command.
     *
     * @param copy the name of its copy
     * @param twin the name of a second copy, for scripts
     * @param brought whether the command may read it, so that the copy needs its value
     * @param changed whether the command may change it
     */
    record Key(byte[] name, byte[] copy, byte[] twin, boolean brought, boolean changed) {}

    private final PlannedCommand command;
    private final int[] positions;
    private final Map<String, Key> keys = new LinkedHashMap<>();

    /** @param base what the names of the copies begin with, which leads them all to one slot */
    GatheredCommand(PlannedCommand command, byte[] base) {
        this.command = command;
        byte[][] argv = argv(command.args());
        Command known = CommandTable.standard().find(argv);
        this.positions = positions(known, argv);
        int[] overwritten = known == null ? new int[0] : known.overwrittenKeys(argv);
        int[] read = known == null ? new int[0] : known.readKeys(argv);
        for (int position : positions) {
            byte[] name = command.args()[position];
            boolean brought = Arrays.binarySearch(overwritten, position + 1) < 0;
            boolean changed = Arrays.binarySearch(read, position + 1) < 0;
            String text = new String(name, StandardCharsets.ISO_8859_1);
            Key before = keys.get(text);
            int number = before == null ? keys.size() : new ArrayList<>(keys.keySet()).indexOf(text);
            // A script that goes by the end of a name sees it, and what it makes of it is compared with what the twin
            // gives.
            byte[] copy = isScript() ? joined(base, ":" + number + ":", name) : joined(base, ":" + number, new byte[0]);
            keys.put(
                    text,
                    new Key(
                            name,
                            copy,
                            joined(base, ":twin:" + number, new byte[0]),
                            brought || (before != null && before.brought()),
                            changed || (before != null && before.changed())));
        }
    }

    /** Another form of the source's command may have its keys in other places; of a module's command the source alone knows. */
    private int[] positions(Command known, byte[][] argv) {
        if (known == null || !known.keysAreExact()) {
            return ((CommandChange) command.change()).command().keys();
        }
        int[] found = known.keyPositions(argv);
        for (int i = 0; i < found.length; i++) {
            found[i]--;
        }
        return found;
    }

    private static byte[] joined(byte[] base, String middle, byte[] end) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(base);
        joined.writeBytes(middle.getBytes(StandardCharsets.US_ASCII));
        joined.writeBytes(end);
        return joined.toByteArray();
    }

    private byte[][] argv(byte[][] args) {
        byte[][] argv = new byte[args.length + 1][];
        argv[0] = command.name().bytes();
        System.arraycopy(args, 0, argv, 1, args.length);
        return argv;
    }

    PlannedCommand command() {
        return command;
    }

    /** Each of its keys once, in their order. */
    List<Key> keys() {
        return new ArrayList<>(keys.values());
    }

    /** Whether it runs code, which may use its keys in ways that its form does not show. */
    boolean isScript() {
        return switch (command.name().text()) {
            case "EVAL", "EVALSHA", "FCALL" -> true;
            default -> false;
        };
    }

    /** The command on the copies. */
    Note onCopies() {
        return renamed(false);
    }

    /** The command on the second copies. */
    Note onTwins() {
        return renamed(true);
    }

    private Note renamed(boolean twins) {
        byte[][] args = command.args().clone();
        for (int position : positions) {
            Key key = keys.get(new String(args[position], StandardCharsets.ISO_8859_1));
            args[position] = twins ? key.twin() : key.copy();
        }
        return new Note(command.name(), args);
    }
}
