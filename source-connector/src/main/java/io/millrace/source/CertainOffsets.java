package io.millrace.source;

/**
 * Which acknowledged offsets are of the source's present history for certain. After a failover an offset may be one of the
 * history before, which was read further than where the new one branches off. Written by the reader, read by any thread.
 */
final class CertainOffsets {

    /** In both histories. */
    private volatile long certain;

    /** Beyond it, offsets are of the present history. */
    private volatile long uncertainUntil;

    /** The stream was read up to one offset, and goes on behind an earlier one in a new history. */
    void steppedBack(long to, long from) {
        certain = to;
        uncertainUntil = Math.max(uncertainUntil, from);
    }

    /** A new generation: all are. */
    void all() {
        uncertainUntil = 0;
    }

    /** The highest offset up to the one given that is certain. */
    long of(long offset) {
        return offset <= uncertainUntil ? Math.min(offset, certain) : offset;
    }
}
