package io.millrace.it.workload;

import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server says about itself: its product and version (INFO), and its commands (COMMAND).
 *
 * @param names all commands in lower case, subcommands as {@code xgroup|create} from version 7.0 on
 * @param writing those with the flag {@code write}
 */
public record ServerCommands(boolean valkey, int major, int minor, Set<String> names, Set<String> writing) {

    private static final int NAME = 0;
    private static final int FLAGS = 2;
    private static final int SUBCOMMANDS = 9;

    public static ServerCommands of(RespClient client) throws IOException {
        String info = new String((byte[]) client.call("INFO", "server"), StandardCharsets.UTF_8);
        boolean valkey = info.contains("valkey_version:");
        String[] version =
                field(info, valkey ? "valkey_version:" : "redis_version:").split("\\.");
        Set<String> names = new TreeSet<>();
        Set<String> writing = new TreeSet<>();
        collect((List<?>) client.call("COMMAND"), names, writing);
        return new ServerCommands(valkey, Integer.parseInt(version[0]), Integer.parseInt(version[1]), names, writing);
    }

    boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    boolean hasSubcommands(String name) {
        return names.stream().anyMatch(n -> n.startsWith(name + "|"));
    }

    private static String field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow()
                .substring(name.length());
    }

    private static void collect(List<?> commands, Set<String> names, Set<String> writing) {
        for (Object command : commands) {
            List<?> fields = (List<?>) command;
            String name = new String((byte[]) fields.get(NAME), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
            names.add(name);
            if (((List<?>) fields.get(FLAGS)).contains("write")) {
                writing.add(name);
            }
            if (fields.size() > SUBCOMMANDS) {
                collect((List<?>) fields.get(SUBCOMMANDS), names, writing);
            }
        }
    }
}
