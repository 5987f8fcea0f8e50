package io.millrace.source.link;

import java.io.IOException;
import java.io.InputStream;

/**
 * The one buffer between the socket and the parsers: handshake replies, the RDB framing and the command stream read from
 * it in turn, so that no byte is lost between them. Owned by the reading thread.
 *
 * <p>The parsers work on {@link #bytes} between {@link #at} and {@link #end} directly; {@link #base} + index is the number
 * of the byte counted from the start of the stream.
 */
final class WireBuffer {

    static final int DEFAULT_SIZE = 256 * 1024;

    final byte[] bytes;
    int at;
    int end;
    long base;

    private final InputStream in;

    WireBuffer(InputStream in, int size) {
        this.in = in;
        this.bytes = new byte[size];
    }

    /** Bytes taken so far. */
    long taken() {
        return base + at;
    }

    int available() {
        return end - at;
    }

    /** Whether there is a byte here or, as far as it tells, in the stream behind. */
    boolean hasMore() throws IOException {
        return at < end || in.available() > 0;
    }

    /** Makes at least one more byte available behind {@link #end}; false at the end of the stream. The buffer must not be full. */
    boolean fill() throws IOException {
        if (at > 0) {
            int rest = end - at;
            System.arraycopy(bytes, at, bytes, 0, rest);
            base += at;
            at = 0;
            end = rest;
        }
        if (end == bytes.length) {
            throw new IllegalStateException("the buffer is full");
        }
        int count = in.read(bytes, end, bytes.length - end);
        if (count <= 0) {
            return false;
        }
        end += count;
        return true;
    }

    /** As {@link #take}, but what is not here already never passes through the buffer. */
    int pass(byte[] target, int offset, int length) throws IOException {
        if (at < end || length == 0) {
            return take(target, offset, length);
        }
        int count = in.read(target, offset, length);
        if (count <= 0) {
            return -1;
        }
        base += count;
        return count;
    }

    /** Copies up to {@code length} bytes, at least one; -1 at the end of the stream. Large requests bypass the buffer. */
    int take(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == end) {
            if (length >= bytes.length) {
                int count = in.read(target, offset, length);
                if (count <= 0) {
                    return -1;
                }
                base += count;
                return count;
            }
            if (!fill()) {
                return -1;
            }
        }
        int count = Math.min(length, end - at);
        System.arraycopy(bytes, at, target, offset, count);
        at += count;
        return count;
    }
}
