package io.millrace.it.workload;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One command of the catalogue.
 *
 * @param line where it stands in the catalogue, from 1
 * @param condition the versions that it is for
 * @param failing whether the server must refuse it
 * @param blocking whether it waits, on a connection of its own, for the sample after it
 */
public record Sample(
        int line, String text, Condition condition, boolean failing, boolean blocking, List<Argument> arguments) {

    public Sample {
        arguments = List.copyOf(arguments);
    }

    /** The name in lower case, with the subcommand where the server lists its subcommands: {@code xgroup|create}. */
    public String nameFor(ServerCommands server) {
        String name = word(0);
        if (arguments.size() > 1 && server.hasSubcommands(name)) {
            return name + "|" + word(1);
        }
        return name;
    }

    /** Whether the server knows the command and the options that the condition stands for. */
    public boolean runsOn(ServerCommands server) {
        return condition.holds(server) && server.names().contains(nameFor(server));
    }

    @Override
    public String toString() {
        return "line " + line + ": " + text;
    }

    private String word(int index) {
        return arguments.get(index) instanceof Argument.Literal literal
                ? new String(literal.bytes(), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT)
                : "";
    }
}
