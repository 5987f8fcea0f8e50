package io.millrace.it.matrix;

import io.millrace.redis.local.ServerVersion;
import java.util.List;
import java.util.SortedMap;

/**
 * What became of one pair of versions.
 *
 * @param keys of the source that were compared
 * @param exceptions keys that cannot be the same, by what cannot exist at the destination
 * @param wrong what differs and has no such reason, and whatever else went wrong; empty when the cell holds
 * @param millis it took
 */
record Cell(
        ServerVersion from,
        ServerVersion to,
        long keys,
        SortedMap<String, Integer> exceptions,
        List<String> wrong,
        long millis) {

    boolean holds() {
        return wrong.isEmpty();
    }
}
