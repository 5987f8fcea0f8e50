package io.millrace.source;

import io.millrace.endpoint.Address;
import io.millrace.source.link.SyncStart;
import java.util.Map;

/**
 * Why a source answered with a full synchronisation where it was asked to go on, and what would have let it go on. The
 * protocol gives no reason; the source's INFO replication tells most of it (replication.c, masterTryPartialResync).
 *
 * @param reason a sentence
 * @param remedy a sentence about the source's settings
 */
record RefusedContinuation(String reason, String remedy) {

    private static final long MIB = 1024 * 1024;

    /**
     * Compares what was asked for with where the source stands.
     *
     * @param history that was asked for
     * @param from the offset behind which it was asked for
     * @param full the source's answer
     * @param info the fields of INFO replication, or none if they are not known
     */
    static RefusedContinuation of(
            Address address, String history, long from, SyncStart full, Map<String, String> info) {
        String asked = address + " cannot continue behind offset " + from + " of the history " + history + ": ";
        long until = Math.max(full.offset(), number(info, "master_repl_offset"));
        boolean same = full.replId().equals(history);
        long branch = number(info, "second_repl_offset") - 1;
        boolean former = !same && history.equals(info.get("master_replid2"));
        if (former && branch < from) {
            return new RefusedContinuation(
                    asked + "it took over at offset " + branch + ", without the last " + (from - branch)
                            + " bytes that were read from the master before it, which are lost there.",
                    "To lose less at a failover, set min-replicas-to-write at the source, or WAIT for its replicas.");
        }
        if ((same || former) && until >= from) {
            long missed = until - from;
            return new RefusedContinuation(
                    asked + "its backlog no longer holds the " + missed + " bytes since then"
                            + backlog(number(info, "repl_backlog_size")) + ".",
                    "To outlast such a break, set repl-backlog-size at the source, and at its replicas, to "
                            + advised(missed) + "mb or more.");
        }
        return new RefusedContinuation(
                asked + "its history is another one, " + full.replId() + ", and is at offset " + until + ".",
                "A master keeps its history over a restart from Redis 7.0 and Valkey 7.2 on, if it is shut down with SAVE and"
                        + " has save points or repl-backlog-size above 0; after a failover, its replica keeps it if its"
                        + " repl-backlog-size covers the break.");
    }

    /**
     * Whether a server that took over branches off in front of what was read, and behind all of it that matters.
     *
     * @param needed the offset of the last change that was read
     * @param from the offset behind which it was asked to go on
     * @param info the fields of INFO replication; none when they are not known, and then it may be so
     */
    static boolean lacksNoChange(String history, long needed, long from, Map<String, String> info) {
        long branch = number(info, "second_repl_offset") - 1;
        return info.isEmpty() || (history.equals(info.get("master_replid2")) && branch < from && branch >= needed);
    }

    private static String backlog(long size) {
        return size > 0 ? " (repl-backlog-size is " + size + ")" : "";
    }

    /** Twice what was missed, in MiB, as a power of two. */
    private static long advised(long missed) {
        long needed = Math.max(1, (2 * missed + MIB - 1) / MIB);
        return Long.highestOneBit(Math.max(1, needed - 1)) * (needed > 1 ? 2 : 1);
    }

    private static long number(Map<String, String> info, String field) {
        String value = info.get(field);
        if (value == null) {
            return -1;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
