package io.millrace.sink.plan;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;

/** The source's databases that something has come from. Belongs to the thread that applies. */
final class SeenDatabases {

    private final BitSet numbers = new BitSet();
    private int last = -1;

    void add(int db) {
        if (db != last) {
            numbers.set(db);
            last = db;
        }
    }

    /** Whether what is in a database of the destination has come from others than these. */
    boolean hasOthers(int destination, DatabaseMap map, int... these) {
        return numbers.stream().filter(db -> map.destination(db) == destination).anyMatch(db -> {
            for (int one : these) {
                if (one == db) {
                    return false;
                }
            }
            return true;
        });
    }

    Set<Integer> numbers() {
        return numbers.stream().boxed().collect(Collectors.toSet());
    }
}
