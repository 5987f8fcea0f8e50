package io.millrace.cli.crossslot;

import io.millrace.command.Command;
import io.millrace.command.CommandTable;
import io.millrace.command.MalformedCommandException;
import io.millrace.command.Scope;
import io.millrace.command.Split;
import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts, command by command of a replication stream, what a cluster would not execute as it is. Belongs to one thread. */
final class CrossSlotTally {

    /** What a sink does with a command into a cluster. */
    enum Way {
        /** It is divided by slot without a difference, whatever is set. */
        DIVIDED,
        /** It is refused, but with {@code cross.slot=copy}. */
        COPIED,
        /** It cannot be applied to a cluster at all: no keys, or several databases. */
        REFUSED,
        /** Which keys it has is not known: a module's command. */
        UNKNOWN
    }

    /** All commands of one name that go one way. */
    static final class Line {
        private final String name;
        private final Way way;
        private final List<byte[]> example;
        private long count;

        private Line(String name, Way way, List<byte[]> example) {
            this.name = name;
            this.way = way;
            this.example = example;
        }

        String name() {
            return name;
        }

        Way way() {
            return way;
        }

        /** Keys of the first of them, two at most. */
        List<byte[]> example() {
            return example;
        }

        long count() {
            return count;
        }
    }

    private static final int MOST_NAMES = 1000;
    private static final int NO_SLOT = -1;
    private static final int SEVERAL = -2;

    private final CommandTable table = CommandTable.standard();
    private final Map<String, Line> lines = new TreeMap<>();
    private List<byte[]> blockExample = List.of();
    private List<byte[]> transactionExample = List.of();
    private boolean inBlock;
    private int blockSlot;
    private long commands;
    private long transactions;
    private long transactionsAcross;
    private long otherDatabases;
    private int db;

    void add(byte[][] argv) {
        Command command = table.find(argv);
        String name = command == null ? text(argv[0]).toUpperCase(Locale.ROOT) : command.name();
        if (command != null && command.scope() == Scope.CONNECTION) {
            connection(name, argv);
            return;
        }
        commands++;
        if (db != 0) {
            otherDatabases++;
        }
        if (command == null) {
            note(name, Way.UNKNOWN, List.of());
            return;
        }
        if (name.equals("SWAPDB") || name.equals("MOVE") || toAnotherDatabase(name, argv)) {
            note(name, Way.REFUSED, List.of());
            return;
        }
        if (command.scope() != Scope.KEYS) {
            return;
        }
        try {
            keyed(command, name, argv);
        } catch (MalformedCommandException e) {
            note(name, Way.UNKNOWN, List.of());
        }
    }

    private void keyed(Command command, String name, byte[][] argv) {
        int[] keys = command.keyPositions(argv);
        if (keys.length == 0) {
            note(name, Way.REFUSED, List.of());
            return;
        }
        int first = HashSlot.of(argv[keys[0]]);
        byte[] other = null;
        for (int key : keys) {
            int slot = HashSlot.of(argv[key]);
            if (slot != first && other == null) {
                other = argv[key];
            }
            block(slot, argv[key]);
        }
        if (other != null) {
            note(name, command.split() == Split.NONE ? Way.COPIED : Way.DIVIDED, List.of(argv[keys[0]], other));
        }
    }

    private void block(int slot, byte[] key) {
        if (!inBlock || blockSlot == SEVERAL) {
            return;
        }
        if (blockSlot == NO_SLOT) {
            blockSlot = slot;
            blockExample = List.of(key);
        } else if (slot != blockSlot) {
            blockSlot = SEVERAL;
            blockExample = List.of(blockExample.get(0), key);
        }
    }

    private void connection(String name, byte[][] argv) {
        switch (name) {
            case "SELECT" -> db = argv.length == 2 ? database(argv[1]) : db;
            case "MULTI" -> {
                inBlock = true;
                blockSlot = NO_SLOT;
            }
            case "EXEC" -> {
                if (inBlock) {
                    transactions++;
                    if (blockSlot == SEVERAL) {
                        transactionsAcross++;
                        transactionExample = transactionExample.isEmpty() ? blockExample : transactionExample;
                    }
                }
                inBlock = false;
            }
            default -> {
                // PING and REPLCONF
            }
        }
    }

    private static int database(byte[] number) {
        try {
            return Integer.parseInt(text(number));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean toAnotherDatabase(String name, byte[][] argv) {
        for (int i = 3; name.equals("COPY") && i + 1 < argv.length; i++) {
            if (text(argv[i]).equalsIgnoreCase("DB")) {
                return !text(argv[i + 1]).equals("0");
            }
        }
        return false;
    }

    private void note(String name, Way way, List<byte[]> example) {
        String key = way + " " + name;
        Line line = lines.get(key);
        if (line == null) {
            // Names that nobody knows are the writer's own: they must not fill the memory.
            String shown = lines.size() < MOST_NAMES ? name : "others";
            line = lines.computeIfAbsent(way + " " + shown, of -> new Line(shown, way, example));
        }
        line.count++;
    }

    /** By way and name, the most frequent of a way first. */
    List<Line> lines() {
        List<Line> sorted = new ArrayList<>(lines.values());
        sorted.sort((one, other) ->
                one.way != other.way ? one.way.compareTo(other.way) : Long.compare(other.count, one.count));
        return sorted;
    }

    long count(Way way) {
        return lines.values().stream()
                .filter(line -> line.way == way)
                .mapToLong(Line::count)
                .sum();
    }

    /** All commands, those in transactions included. */
    long commands() {
        return commands;
    }

    long transactions() {
        return transactions;
    }

    long transactionsAcross() {
        return transactionsAcross;
    }

    /** Keys of the first of them, in two slots. */
    List<byte[]> transactionExample() {
        return transactionExample;
    }

    /** Commands in a database that a cluster has not got. */
    long otherDatabases() {
        return otherDatabases;
    }

    /** Whether a cluster executes all of it as it is. */
    boolean isPlain() {
        return lines.isEmpty() && transactionsAcross == 0 && otherDatabases == 0;
    }

    private static String text(byte[] word) {
        return new String(word, StandardCharsets.ISO_8859_1);
    }
}
