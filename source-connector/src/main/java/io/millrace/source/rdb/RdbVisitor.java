package io.millrace.source.rdb;

import io.millrace.change.Part;
import io.millrace.change.Value;
import java.io.IOException;

/**
 * What an RDB holds, in its order. Called by the thread that reads; a call may block to hold the reader back. Arrays
 * belong to the visitor. Nothing is certain before {@link #end}: the checksum stands at the end of the RDB.
 */
public interface RdbVisitor {

    /**
     * A whole value.
     *
     * @param payload what DUMP would give: type, value, RDB version, CRC
     */
    void entry(RdbKey key, byte[] payload) throws IOException, InterruptedException;

    /**
     * A part of a value whose payload exceeds the limit. The parts of a value follow one another.
     *
     * <p>A string comes in ranges, a collection in elements. A stream comes in entries with a null state, then in parts
     * without entries that carry the state; there, a group with many pending entries is repeated with the next of them.
     * A module's value comes as {@link Value.StringValue} ranges of its payload, as nothing else is known about it.
     */
    void part(RdbKey key, Value value, Part part) throws IOException, InterruptedException;

    /** The code of a function library. */
    void function(byte[] code) throws IOException, InterruptedException;

    /** @param valkey whether the magic is Valkey's: its type numbers above 21 differ from Redis' */
    default void header(int rdbVersion, boolean valkey) throws IOException, InterruptedException {}

    /** An information field, such as redis-ver or repl-stream-db. */
    default void aux(byte[] name, byte[] value) throws IOException, InterruptedException {}

    /** The number of keys, and of keys with an expiry, that follow for a database; a hint. */
    default void sizes(int db, long keys, long expiring) throws IOException, InterruptedException {}

    /** Data that a module keeps outside of keys; it is passed over. */
    default void moduleAux(String module, long bytes) throws IOException, InterruptedException {}

    /** The RDB is complete and its checksum right (or switched off at the source). */
    default void end(boolean checksummed) throws IOException, InterruptedException {}
}
