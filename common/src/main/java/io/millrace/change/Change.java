package io.millrace.change;

/**
 * One change of a Redis keyspace, in the order of its shard.
 *
 * <p>Offsets are replication offsets: the number of bytes of the master's command stream up to and including the last
 * byte of the change (redis: {@code master_repl_offset}). All changes of a snapshot carry the offset that the snapshot
 * stands for.
 */
public sealed interface Change permits CommandChange, SnapshotEntry, Mark {

    /** The database number, from 0. */
    int db();

    /** The replication offset of the last byte of this change. */
    long offset();

    /** Where and when the change was read. */
    Origin origin();

    /** The key that orders this change, the first one when there are several; null when there is none. */
    byte[] key();

    /** The value of the event's field {@code kind}. */
    String kind();
}
