package io.millrace.command;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a server's reply to COMMAND: name, arity, flags, first, last, step, and since 7.0 ACL categories, tips, key
 * specifications and subcommands (server.c, addReplyCommandInfo).
 */
final class ServerCommands {

    private static final int KEY_SPECS = 8;
    private static final int SUBCOMMANDS = 9;

    private ServerCommands() {}

    static List<Command> parse(List<?> reply) {
        List<Command> commands = new ArrayList<>();
        for (Object entry : reply) {
            if (entry instanceof List<?> fields) {
                commands.add(command(fields));
            }
        }
        return commands;
    }

    private static Command command(List<?> entry) {
        String name = text(entry.get(0)).toUpperCase(Locale.ROOT).replace('|', ' ');
        int arity = number(entry.get(1));
        Set<CommandFlag> flags = EnumSet.noneOf(CommandFlag.class);
        for (Object flag : (List<?>) entry.get(2)) {
            flag(text(flag), flags);
        }
        List<KeySpec> specs = new ArrayList<>();
        if (entry.size() > KEY_SPECS) {
            for (Object spec : (List<?>) entry.get(KEY_SPECS)) {
                specs.add(keySpec(map(spec)));
            }
        }
        int first = number(entry.get(3));
        if (specs.isEmpty() && first > 0) {
            int last = number(entry.get(4));
            specs.add(KeySpec.range(
                    Set.of("RW"), null, first, last < 0 ? last : last - first, Math.max(1, number(entry.get(5))), 0));
            if (flags.contains(CommandFlag.MOVABLEKEYS)) {
                specs.add(KeySpec.unknown(Set.of("RW", "incomplete")));
            }
        }
        List<Command> children = new ArrayList<>();
        if (entry.size() > SUBCOMMANDS) {
            for (Object child : (List<?>) entry.get(SUBCOMMANDS)) {
                children.add(command((List<?>) child));
            }
        }
        return new Command(name, arity, flags, specs, null, children);
    }

    private static void flag(String name, Set<CommandFlag> flags) {
        for (CommandFlag flag : CommandFlag.values()) {
            if (flag.name().equalsIgnoreCase(name)) {
                flags.add(flag);
            }
        }
    }

    private static KeySpec keySpec(Map<String, Object> spec) {
        Set<String> flags = new HashSet<>();
        for (Object flag : (List<?>) spec.get("flags")) {
            flags.add(text(flag));
        }
        Map<String, Object> begin = map(spec.get("begin_search"));
        Map<String, Object> find = map(spec.get("find_keys"));
        Map<String, Object> where = map(begin.get("spec"));
        Map<String, Object> how = map(find.get("spec"));
        byte[] keyword = null;
        int start;
        switch (text(begin.get("type"))) {
            case "index" -> start = number(where.get("index"));
            case "keyword" -> {
                keyword = Ascii.bytes(text(where.get("keyword")).toUpperCase(Locale.ROOT));
                start = number(where.get("startfrom"));
            }
            default -> {
                return KeySpec.unknown(flags);
            }
        }
        return switch (text(find.get("type"))) {
            case "range" ->
                KeySpec.range(
                        flags,
                        keyword,
                        start,
                        number(how.get("lastkey")),
                        Math.max(1, number(how.get("keystep"))),
                        number(how.get("limit")));
            case "keynum" ->
                KeySpec.keynum(
                        flags,
                        keyword,
                        start,
                        number(how.get("keynumidx")),
                        number(how.get("firstkey")),
                        Math.max(1, number(how.get("keystep"))));
            default -> KeySpec.unknown(flags);
        };
    }

    private static Map<String, Object> map(Object flat) {
        List<?> list = (List<?>) flat;
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i + 1 < list.size(); i += 2) {
            map.put(text(list.get(i)), list.get(i + 1));
        }
        return map;
    }

    private static int number(Object reply) {
        return Math.toIntExact((Long) reply);
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }
}
