package io.millrace.sink.plan;

import io.millrace.client.ServerVersion;
import io.millrace.rdb.PayloadRewriter;
import java.util.Set;

/**
 * What the destination is, as far as the plan depends on it.
 *
 * @param cluster whether it is a cluster, where a command's keys must share a slot and database 0 is the only one
 * @param version of its oldest node
 * @param commands that all its nodes know, in upper case; empty where they may not be asked, and the version decides
 * @param modules whether all its nodes may have modules; false where certainly one has none
 */
public record Destination(boolean cluster, ServerVersion version, Set<String> commands, boolean modules) {

    /** The first RDB version of Valkey's own; those between 11 and it are Redis's, which Valkey refuses (rdb.h). */
    private static final int FIRST_OF_VALKEY = 80;

    private static final int LAST_SHARED = 11;

    public Destination {
        commands = Set.copyOf(commands);
    }

    public Destination(boolean cluster, ServerVersion version) {
        this(cluster, version, Set.of(), true);
    }

    /** Whether RESTORE takes a payload of this RDB version. */
    boolean reads(int rdbVersion) {
        if (version.valkey() && rdbVersion > LAST_SHARED && rdbVersion < FIRST_OF_VALKEY) {
            return false;
        }
        return rdbVersion <= version.rdbVersion();
    }

    PayloadRewriter payloads() {
        return new PayloadRewriter(version.rdbVersion(), version.valkey(), modules);
    }

    /** Whether it knows a command. */
    boolean has(String command) {
        return commands.isEmpty() ? knows(command) : commands.contains(command);
    }

    /** By its version: the commands that were added since 6.2 and may be replicated. */
    private boolean knows(String command) {
        return switch (command) {
            case "LMOVE", "COPY", "ZRANGESTORE", "ZDIFFSTORE", "GEOSEARCHSTORE", "GETDEL" -> version.isAtLeast(6, 2);
            case "FUNCTION" -> version.isAtLeast(7, 0);
            case "HEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT", "HPERSIST" -> hasFieldExpiry();
            case "HSETEX" -> version.isAtLeast(version.valkey() ? 9 : 8, 0);
            case "HGETDEL" -> version.valkey() ? version.isAtLeast(9, 1) : version.isAtLeast(8, 0);
            case "VADD", "VREM", "VSETATTR" -> !version.valkey() && version.isAtLeast(8, 0);
            case "XDELEX", "XACKDEL" -> !version.valkey() && version.isAtLeast(8, 2);
            case "DELEX" -> !version.valkey() && version.isAtLeast(8, 4);
            case "DELIFEQ" -> version.valkey() && version.isAtLeast(9, 0);
            case "MSETEX" -> version.valkey() ? version.isAtLeast(9, 1) : version.isAtLeast(8, 4);
            case "XIDMPRECORD", "XCFGSET" -> !version.valkey() && version.isAtLeast(8, 6);
            default -> true;
        };
    }

    /** RESTORE … ABSTTL, IDLETIME and FREQ. */
    boolean hasAbsoluteTtl() {
        return version.isAtLeast(5, 0);
    }

    /** SET … EXAT and PXAT. */
    boolean hasSetAt() {
        return version.isAtLeast(6, 2);
    }

    /** SET … IFEQ (Valkey 8.1, Redis 8.4) and the other conditions (Redis alone). */
    boolean hasSetCondition(byte[] word) {
        return version.valkey() ? Words.is(word, "IFEQ") && version.isAtLeast(8, 1) : version.isAtLeast(8, 4);
    }

    /** GEOSEARCHSTORE … BYPOLYGON is Valkey 9's. */
    boolean hasPolygons() {
        return version.valkey() && version.isAtLeast(9, 0);
    }

    /** FLUSHALL and FLUSHDB … SYNC. */
    boolean hasFlushSync() {
        return version.isAtLeast(6, 2);
    }

    /** LPOP and RPOP with a count. */
    boolean hasPopCount() {
        return version.isAtLeast(6, 2);
    }

    /** ZADD … GT and LT. */
    boolean hasZaddConditions() {
        return version.isAtLeast(6, 2);
    }

    /** BITOP DIFF, DIFF1, ANDOR and ONE are Redis 8.2's. */
    boolean hasBitOperation(byte[] operation) {
        return (!version.valkey() && version.isAtLeast(8, 2))
                || Words.is(operation, "AND")
                || Words.is(operation, "OR")
                || Words.is(operation, "XOR")
                || Words.is(operation, "NOT");
    }

    boolean hasStreams() {
        return version.isAtLeast(5, 0);
    }

    boolean hasCreateConsumer() {
        return version.isAtLeast(6, 2);
    }

    /** XADD and XTRIM … MINID, XADD … NOMKSTREAM. */
    boolean hasMinIdAndNoMkStream() {
        return version.isAtLeast(6, 2);
    }

    /** XADD and XTRIM … KEEPREF, DELREF and ACKED. */
    boolean hasReferenceOptions() {
        return !version.valkey() && version.isAtLeast(8, 2);
    }

    /** FUNCTION, and the counters of streams: ENTRIESADDED, MAXDELETEDID, ENTRIESREAD. */
    boolean hasFunctionsAndStreamCounters() {
        return version.isAtLeast(7, 0);
    }

    boolean hasFieldExpiry() {
        return version.valkey() ? version.isAtLeast(9, 0) : version.isAtLeast(7, 4);
    }
}
