package io.millrace.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads {@code commands.tsv} and {@code effects.tsv}. */
final class CommandResource {

    private static final String NOTHING = "-";

    private CommandResource() {}

    static Collection<Command> load() {
        Map<String, Effects> effects = effects();
        Map<String, String[]> containers = new LinkedHashMap<>();
        Map<String, List<Command>> children = new HashMap<>();
        for (String[] row : rows("commands.tsv", 4)) {
            String name = row[0];
            int blank = name.indexOf(' ');
            if (blank < 0) {
                containers.put(name, row);
            } else {
                children.computeIfAbsent(name.substring(0, blank), container -> new ArrayList<>())
                        .add(command(row, effects.remove(name), List.of()));
            }
        }
        List<Command> commands = new ArrayList<>();
        containers.forEach((name, row) ->
                commands.add(command(row, effects.remove(name), children.getOrDefault(name, List.of()))));
        if (!effects.isEmpty()) {
            throw new IllegalStateException("effects.tsv names commands that commands.tsv lacks: " + effects.keySet());
        }
        return commands;
    }

    private static Command command(String[] row, Effects effects, Collection<Command> children) {
        List<KeySpec> specs = new ArrayList<>();
        if (!row[3].equals(NOTHING)) {
            for (String spec : row[3].split(" ")) {
                specs.add(KeySpec.parse(spec));
            }
        }
        return new Command(row[0], Integer.parseInt(row[1]), flags(row[2]), specs, effects, children);
    }

    private static Set<CommandFlag> flags(String column) {
        Set<CommandFlag> flags = EnumSet.noneOf(CommandFlag.class);
        if (!column.equals(NOTHING)) {
            for (String flag : column.split(",")) {
                flags.add(CommandFlag.valueOf(flag.toUpperCase(Locale.ROOT)));
            }
        }
        return flags;
    }

    private static Map<String, Effects> effects() {
        Map<String, Effects> effects = new HashMap<>();
        for (String[] row : rows("effects.tsv", 5)) {
            effects.put(row[0].replace('|', ' '), Effects.parse(row[1], row[2], row[3], row[4]));
        }
        return effects;
    }

    private static List<String[]> rows(String resource, int columns) {
        List<String[]> rows = new ArrayList<>();
        try (InputStream stream = CommandResource.class.getResourceAsStream(resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.isEmpty() || line.charAt(0) == '#') {
                    continue;
                }
                String[] row = line.split("\t");
                if (row.length != columns) {
                    throw new IllegalStateException(resource + " has a line of " + row.length + " columns: " + line);
                }
                rows.add(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
