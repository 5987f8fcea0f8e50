package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.recopy.DirtyKey;
import java.util.ArrayList;
import java.util.List;

/** What a change does to its keys, as far as it matters to keys that are dirty. */
final class KeyEffects {

    private KeyEffects() {}

    /** The keys of a change with the source's database; none for a change without keys. */
    static List<DirtyKey> keys(Change change) {
        if (!(change instanceof CommandChange command)) {
            return change.key() == null ? List.of() : List.of(new DirtyKey(change.db(), change.key()));
        }
        byte[][] args = command.command().args();
        List<DirtyKey> keys = new ArrayList<>();
        for (int position : command.command().keys()) {
            keys.add(new DirtyKey(change.db(), args[position]));
        }
        return keys;
    }

    /** Whether all its keys are afterwards what the command says, whatever they were. */
    static boolean replaces(CommandChange change) {
        return switch (change.command().name()) {
            case "DEL", "UNLINK", "MSET" -> true;
            case "SET" -> change.command().args().length == 2;
            default -> false;
        };
    }

    /** Whether it removes whole databases. */
    static boolean empties(CommandChange change) {
        String name = change.command().name();
        return name.equals("FLUSHALL") || name.equals("FLUSHDB");
    }

    static boolean isEmptied(CommandChange flush, int db) {
        return flush.command().name().equals("FLUSHALL") || flush.db() == db;
    }
}
