package io.millrace.command;

import java.util.Collection;

/** Commands by name, in an open-addressing table on the upper-cased bytes: a lookup allocates nothing. */
final class NameIndex {

    private final Command[] slots;
    private final int mask;

    NameIndex(Collection<Command> commands) {
        int capacity = Integer.highestOneBit(Math.max(4, commands.size() * 4));
        this.slots = new Command[capacity];
        this.mask = capacity - 1;
        for (Command command : commands) {
            int at = hash(command.word()) & mask;
            while (slots[at] != null) {
                at = at + 1 & mask;
            }
            slots[at] = command;
        }
    }

    Command find(byte[] name) {
        int at = hash(name) & mask;
        for (Command candidate = slots[at]; candidate != null; candidate = slots[at]) {
            if (Ascii.equalsIgnoreCase(name, candidate.word())) {
                return candidate;
            }
            at = at + 1 & mask;
        }
        return null;
    }

    private static int hash(byte[] name) {
        int hash = 0;
        for (byte b : name) {
            hash = hash * 31 + Ascii.upper(b);
        }
        return hash ^ hash >>> 15;
    }
}
