package io.millrace.rdb;

import io.millrace.change.Part;
import io.millrace.change.Value;
import java.io.IOException;

/**
 * What an RDB holds, in its order. Called by the thread that reads; a call may block to hold the reader back. Arrays
 * belong to the visitor. Nothing is certain before {@link #end}: the checksum stands at the end of the RDB.
 */
public interface RdbVisitor {

    /**
     * A whole value: one within the limit, or a module's of any size, of which nothing is known but its bytes.
     *
     * @param payload what DUMP would give: type, value, RDB version, CRC
     */
    void entry(RdbKey key, byte[] payload) throws IOException, InterruptedException;

    /**
     * A part of a value whose payload exceeds the limit. The parts of a value follow one another.
     *
     * <p>A string comes in ranges, a collection in elements: an element above the limit of a part is a part of its own. A
     * stream comes in entries with a null state, then, in the last part and without entries, in its state.
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

    /**
     * The server is about to take slots over from another, and has a copy of them that may be thrown away (Valkey 9).
     *
     * @param name of the migration
     * @param ranges such as {@code 0-99 200-200}
     */
    default void slotImport(byte[] name, String ranges) throws IOException, InterruptedException {}

    /** The RDB is complete and its checksum right (or switched off at the source). */
    default void end(boolean checksummed) throws IOException, InterruptedException {}
}
