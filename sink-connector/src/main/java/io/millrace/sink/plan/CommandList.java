package io.millrace.sink.plan;

import io.millrace.change.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Commands in the making, all from one change. */
final class CommandList {

    private final int db;
    private final Change change;
    private final Ticket ticket;
    private final List<PlannedCommand> commands = new ArrayList<>();

    CommandList(int db, Change change, Ticket ticket) {
        this.db = db;
        this.change = change;
        this.ticket = ticket;
    }

    void add(CommandName name, byte[]... args) {
        add(ReplyRule.PLAIN, name, args);
    }

    void add(ReplyRule rule, CommandName name, byte[]... args) {
        commands.add(new PlannedCommand(name, args, db, rule, change, ticket));
    }

    void add(CommandName name, List<byte[]> args) {
        add(ReplyRule.PLAIN, name, args.toArray(new byte[0][]));
    }

    boolean isEmpty() {
        return commands.isEmpty();
    }

    /** Begins again. */
    void clear() {
        commands.clear();
    }

    /** One by one, for the reason that {@link Units} has. */
    PlannedCommand[] toArray() {
        PlannedCommand[] array = new PlannedCommand[commands.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = commands.get(i);
        }
        return array;
    }

    static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
