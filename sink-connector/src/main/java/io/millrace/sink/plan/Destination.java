package io.millrace.sink.plan;

import io.millrace.client.ServerVersion;

/**
 * What the destination is, as far as the plan depends on it.
 *
 * @param cluster whether it is a cluster, where a command's keys must share a slot and database 0 is the only one
 * @param version of its oldest node
 */
public record Destination(boolean cluster, ServerVersion version) {

    /** The first RDB version of Valkey's own; those between 11 and it are Redis's, which Valkey refuses (rdb.h). */
    private static final int FIRST_OF_VALKEY = 80;

    private static final int LAST_SHARED = 11;

    /** Whether RESTORE takes a payload of this RDB version. */
    boolean reads(int rdbVersion) {
        if (version.valkey() && rdbVersion > LAST_SHARED && rdbVersion < FIRST_OF_VALKEY) {
            return false;
        }
        return rdbVersion <= version.rdbVersion();
    }

    /** RESTORE … ABSTTL, IDLETIME and FREQ. */
    boolean hasAbsoluteTtl() {
        return version.isAtLeast(5, 0);
    }

    /** SET … EXAT and PXAT. */
    boolean hasSetAt() {
        return version.isAtLeast(6, 2);
    }

    boolean hasStreams() {
        return version.isAtLeast(5, 0);
    }

    boolean hasCreateConsumer() {
        return version.isAtLeast(6, 2);
    }

    /** FUNCTION, and the counters of streams: ENTRIESADDED, MAXDELETEDID, ENTRIESREAD. */
    boolean hasFunctionsAndStreamCounters() {
        return version.isAtLeast(7, 0);
    }

    boolean hasFieldExpiry() {
        return version.valkey() ? version.isAtLeast(9, 0) : version.isAtLeast(7, 4);
    }
}
