package io.millrace.source.spool;

/** A piece of the spool's memory. The link's thread writes behind {@link #filled}, the parser's thread reads before it. */
final class Chunk {

    /** As much as one read of a socket can give, and little enough that an idle shard does not matter. */
    static final int SIZE = 128 * 1024;

    final byte[] bytes = new byte[SIZE];

    /** Moved by the link's thread alone, and read by others under the spool's lock. */
    int filled;

    boolean isFull() {
        return filled == SIZE;
    }
}
