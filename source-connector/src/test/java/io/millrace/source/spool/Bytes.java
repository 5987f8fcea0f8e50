package io.millrace.source.spool;

import java.io.InputStream;
import java.util.Random;

/** A link that gives bytes which say where they stand, in reads of random size. */
final class Bytes extends InputStream {

    private final Random random;
    private final int largest;
    private long at;
    private final long end;

    Bytes(long from, long end, int largest, long seed) {
        this.at = from;
        this.end = end;
        this.largest = largest;
        this.random = new Random(seed);
    }

    /** The byte that stands there. */
    static byte at(long position) {
        return (byte) (position ^ (position >>> 8) * 31 ^ (position >>> 16) * 17);
    }

    @Override
    public int read() {
        throw new UnsupportedOperationException("a link is read in bulk");
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == end) {
            return -1;
        }
        int count = (int) Math.min(end - at, Math.min(length, 1 + random.nextInt(largest)));
        for (int i = 0; i < count; i++) {
            target[offset + i] = at(at + i);
        }
        at += count;
        return count;
    }
}
