package io.millrace.cli.finish;

import io.millrace.cli.server.Deployment;
import io.millrace.client.Node;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Connections of Millrace to a target other than our own: as long as there are any, a sink may write. */
final class OpenSinks {
    private OpenSinks() {}

    /** Their addresses; empty when the user may not ask. */
    static Optional<Set<String>> at(Deployment target) {
        Set<String> addresses = new TreeSet<>();
        try {
            for (Node node : target.masters(0)) {
                String own = Long.toString((Long) node.call("CLIENT", "ID"));
                String list = new String((byte[]) node.call("CLIENT", "LIST"), StandardCharsets.UTF_8);
                addresses.addAll(list.lines()
                        .filter(line -> field(line, "name").startsWith("millrace"))
                        .filter(line -> !field(line, "id").equals(own))
                        .map(line -> field(line, "addr"))
                        .collect(Collectors.toSet()));
            }
            return Optional.of(addresses);
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.PERMISSION || e.kind() == Kind.UNKNOWN_COMMAND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String field(String line, String name) {
        for (String field : line.split(" ")) {
            if (field.startsWith(name + "=")) {
                return field.substring(name.length() + 1);
            }
        }
        return "";
    }
}
