package io.millrace.command;

import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Divides a command by the hash slots of its keys, where {@link Split} says that this is exact. */
public final class SlotSplit {

    private static final byte[] MSET = Ascii.bytes("MSET");
    private static final byte[] NX = Ascii.bytes("NX");
    private static final byte[] XX = Ascii.bytes("XX");

    private SlotSplit() {}

    /**
     * The parts, each with keys of one slot, in the order in which the slots first appear; keys of one slot keep their order.
     * The arrays of the arguments are shared with {@code argv}.
     *
     * @param command the command that {@code argv} is, with a split other than {@link Split#NONE}
     * @throws MalformedCommandException when the arguments do not fit the command
     */
    public static List<byte[][]> bySlot(Command command, byte[][] argv) {
        return switch (command.split()) {
            case NONE -> throw new IllegalArgumentException(command.name() + " cannot be split.");
            case PER_KEY -> parts(new byte[][] {argv[0]}, groups(command, argv, 1), new byte[0][], false);
            case PER_PAIR -> {
                requirePairs(command, argv.length - 1);
                yield parts(new byte[][] {MSET}, groups(command, argv, 2), new byte[0][], false);
            }
            case PER_COUNTED_PAIR -> {
                Map<Integer, List<byte[]>> groups = groups(command, argv, 2);
                int options = 2 + 2 * command.keyPositions(argv).length;
                requirePairs(command, options - 2);
                yield parts(new byte[][] {argv[0]}, groups, optionsWithoutCondition(argv, options), true);
            }
        };
    }

    private static Map<Integer, List<byte[]>> groups(Command command, byte[][] argv, int width) {
        Map<Integer, List<byte[]>> groups = new LinkedHashMap<>();
        for (int key : command.keyPositions(argv)) {
            if (key + width > argv.length) {
                throw new MalformedCommandException(command.name() + " has a key without a value.");
            }
            List<byte[]> group = groups.computeIfAbsent(HashSlot.of(argv[key]), slot -> new ArrayList<>());
            for (int i = 0; i < width; i++) {
                group.add(argv[key + i]);
            }
        }
        return groups;
    }

    private static List<byte[][]> parts(
            byte[][] head, Map<Integer, List<byte[]>> groups, byte[][] tail, boolean counted) {
        List<byte[][]> parts = new ArrayList<>(groups.size());
        for (List<byte[]> group : groups.values()) {
            List<byte[]> part = new ArrayList<>(List.of(head));
            if (counted) {
                part.add(String.valueOf(group.size() / 2).getBytes(StandardCharsets.US_ASCII));
            }
            part.addAll(group);
            part.addAll(List.of(tail));
            parts.add(part.toArray(new byte[0][]));
        }
        return parts;
    }

    /** NX and XX held at the source, or the command would not have been replicated; they must not be asked again by part. */
    private static byte[][] optionsWithoutCondition(byte[][] argv, int from) {
        List<byte[]> options = new ArrayList<>();
        for (int i = from; i < argv.length; i++) {
            if (!Ascii.equalsIgnoreCase(argv[i], NX) && !Ascii.equalsIgnoreCase(argv[i], XX)) {
                options.add(argv[i]);
            }
        }
        return options.toArray(new byte[0][]);
    }

    private static void requirePairs(Command command, int arguments) {
        if (arguments % 2 != 0) {
            throw new MalformedCommandException(command.name() + " has a key without a value.");
        }
    }
}
