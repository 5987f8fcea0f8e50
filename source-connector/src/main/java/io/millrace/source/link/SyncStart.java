package io.millrace.source.link;

/** What the master answered to PSYNC: how the stream begins. */
public sealed interface SyncStart {

    /** The master's replication id, 40 hexadecimal characters; from now on positions carry it. */
    String replId();

    /** The replication offset before the first byte of the command stream that follows. */
    long offset();

    /** {@code +FULLRESYNC}: a snapshot follows, then the commands from {@code offset} on. */
    record FullResync(String replId, long offset) implements SyncStart {}

    /**
     * {@code +CONTINUE}: the commands follow from the asked offset on, without a SELECT before them.
     *
     * @param replId differs from the asked one after a failover (PSYNC2)
     */
    record Continued(String replId, long offset) implements SyncStart {}
}
