package io.millrace.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every command of Redis up to 8.6 and Valkey up to 9.1, by name. Immutable and thread-safe; a lookup takes the bytes as they
 * came over the wire, in any case, and allocates nothing.
 */
public final class CommandTable {

    private static final CommandTable STANDARD = new CommandTable(CommandResource.load());

    private final Collection<Command> commands;
    private final NameIndex index;

    private CommandTable(Collection<Command> commands) {
        this.commands = Collections.unmodifiableCollection(commands);
        this.index = new NameIndex(commands);
    }

    /** The commands of the servers themselves, without modules. */
    public static CommandTable standard() {
        return STANDARD;
    }

    /** The command, or the subcommand, that {@code argv} is; null when the name is unknown. */
    public Command find(byte[][] argv) {
        Command command = index.find(argv[0]);
        return command == null ? null : command.resolve(argv);
    }

    /** The command or container of this name, null when it is unknown. */
    public Command find(byte[] name) {
        return index.find(name);
    }

    /** All commands and containers, without subcommands. */
    public Collection<Command> commands() {
        return commands;
    }

    /**
     * This table and the commands of a source that it does not know yet, such as those of modules. What this table knows stays
     * as it is.
     *
     * @param reply the source's reply to COMMAND, as the client reads it: nested lists with byte[] and Long
     */
    public CommandTable withServerCommands(List<?> reply) {
        Map<String, Command> merged = new LinkedHashMap<>();
        for (Command known : commands) {
            merged.put(known.name(), known);
        }
        for (Command reported : ServerCommands.parse(reply)) {
            merged.merge(reported.name(), reported, CommandTable::withNewSubcommands);
        }
        return new CommandTable(merged.values());
    }

    private static Command withNewSubcommands(Command known, Command reported) {
        List<Command> children = new ArrayList<>(known.subcommands());
        for (Command child : reported.subcommands()) {
            if (known.subcommands().stream().noneMatch(one -> one.name().equals(child.name()))) {
                children.add(child);
            }
        }
        return children.size() == known.subcommands().size() ? known : known.withSubcommands(children);
    }
}
