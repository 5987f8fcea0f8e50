package io.millrace.source;

/** What a source task shows through JMX as {@code io.millrace:type=source,connector=…,shard=…}. -1 stands for not known. */
public interface SourceStatusMXBean {

    /** connecting, snapshot, stream, complete (a scan that has ended), removed (the shard, from its cluster), reconnecting, failed or stopped. */
    String getPhase();

    /** Counts the full synchronisations of the shard. */
    int getGeneration();

    /** Replication id of the master history that is being read, or empty. */
    String getReplicationId();

    /** Replication offset up to which the stream is read, whole units only. */
    long getReadOffset();

    /** Replication offset up to which Kafka has acknowledged everything. */
    long getAcknowledgedOffset();

    /** Replication offset that the source last said it had. */
    long getSourceOffset();

    /** Keys of the current or last snapshot that are read. */
    long getSnapshotKeysRead();

    /** Keys that the source had when the snapshot began. */
    long getSnapshotKeysTotal();

    /** Bytes of the current or last snapshot that are read. */
    long getSnapshotBytesRead();

    /** Bytes that the snapshot has; not known when the source sends it without a file. */
    long getSnapshotBytesTotal();

    /** Changes read since the task started: snapshot entries, commands and marks. */
    long getChangesRead();

    /** Changes that wait for Kafka. */
    int getQueuedChanges();

    /** Bytes of the changes that wait for Kafka, about. */
    long getQueuedBytes();

    /** Records sent to Kafka and not acknowledged. */
    int getRecordsInFlight();

    /** Bytes of the source's stream that wait in memory to be read by the parser. */
    long getSpoolBytesInMemory();

    /** Bytes of the source's stream that wait in files. */
    long getSpoolBytesOnDisk();

    /** Whether the spool is full, so that nothing is read from the source. */
    boolean isSpoolFull();

    /** How often the spool has filled up since the task started. */
    long getSpoolTimesFull();

    /** Why the spool's directory takes nothing, or empty. */
    String getSpoolDiskError();

    /** Of a shard of a cluster: the hash slots whose changes it publishes, as ranges; else empty. */
    String getSlots();

    /** Whether the shard waits until slots that came to it from another shard have passed completely. */
    boolean isWaitingForSlots();

    /** Changes of slots that were not the shard's, such as what is removed behind a slot that has gone, and were left out. */
    long getChangesLeftOut();

    /** The last thing that went wrong, or empty. It may be mended meanwhile: see the phase. */
    String getLastError();
}
