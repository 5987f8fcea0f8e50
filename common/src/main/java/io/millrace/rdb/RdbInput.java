package io.millrace.rdb;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Buffered bytes of an RDB with their position and the running checksum. From {@link #mark} on bytes stay in the buffer,
 * up to a limit, so that a value can be walked over once and then be copied as it is, or be read again from its start.
 */
final class RdbInput {

    private static final int INITIAL = 256 * 1024;
    /** How far ahead of the bytes that have come the buffer grows. */
    private static final long GROWTH = 256 * 1024;

    private static final int LARGEST = Integer.MAX_VALUE - 8;
    /** Up to here an announced length is allocated in one piece. */
    private static final int TRUSTED = 1024 * 1024;

    private static final VarHandle LONG_LE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** Null when all content is in {@link #bytes}. */
    private final InputStream in;

    private byte[] bytes;
    private int at;
    private int end;
    private long base;
    private int mark = -1;
    private int limit;
    private boolean boundExpanded;
    private long expanded;
    private long crc;
    private int crcAt;

    RdbInput(InputStream in) {
        this.in = in;
        this.bytes = new byte[INITIAL];
    }

    /** Over bytes that are there already. */
    RdbInput(byte[] content, int from, int to) {
        this.in = null;
        this.bytes = content;
        this.at = from;
        this.end = to;
        this.crcAt = from;
        this.base = -from;
    }

    long position() {
        return base + at;
    }

    /**
     * Keeps what follows. Going beyond the limit throws {@link ValueTooLarge}.
     *
     * @param countExpanded whether what {@link #expands} reports counts, too
     */
    void mark(int payloadLimit, boolean countExpanded) {
        mark = at;
        limit = payloadLimit;
        boundExpanded = countExpanded;
        expanded = 0;
    }

    int marked() {
        return at - mark;
    }

    /** Whether what was marked is within the limit. What lies in the buffer already can be passed without the exception. */
    boolean isWithinLimit() {
        return marked() + expanded <= limit;
    }

    /** Copies what was marked to the target. */
    void copyMarked(byte[] target, int offset) {
        System.arraycopy(bytes, mark, target, offset, at - mark);
    }

    void unmark() {
        mark = -1;
    }

    /** Goes back to the mark, and drops it. */
    void rewind() {
        at = mark;
        mark = -1;
    }

    /** A compressed string stands here that is so much larger than its bytes. */
    void expands(long by) {
        if (mark >= 0 && boundExpanded) {
            expanded += by;
            if (expanded + (at - mark) > limit) {
                throw ValueTooLarge.INSTANCE;
            }
        }
    }

    int unsigned() throws IOException {
        if (at == end) {
            need(1);
        }
        return bytes[at++] & 0xff;
    }

    long longLittleEndian() throws IOException {
        need(8);
        long value = (long) LONG_LE.get(bytes, at);
        at += 8;
        return value;
    }

    long longBigEndian() throws IOException {
        need(8);
        long value = (long) LONG_BE.get(bytes, at);
        at += 8;
        return value;
    }

    int intBigEndian() throws IOException {
        need(4);
        int value = (int) INT_BE.get(bytes, at);
        at += 4;
        return value;
    }

    void skip(long count) throws IOException {
        if (count <= end - at) {
            at += (int) count;
            return;
        }
        if (mark >= 0) {
            if (count + (at - mark) > limit) {
                throw ValueTooLarge.INSTANCE;
            }
            need((int) count);
            at += (int) count;
            return;
        }
        long left = count;
        while (left > 0) {
            if (at == end) {
                need(1);
            }
            int step = (int) Math.min(left, end - at);
            at += step;
            left -= step;
        }
    }

    byte[] take(int length) throws IOException {
        if (length <= end - at) {
            byte[] value = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return value;
        }
        byte[] value = new byte[Math.min(length, TRUSTED)];
        int have = 0;
        while (have < length) {
            if (at == end) {
                need(1);
            }
            if (have == value.length) {
                value = Arrays.copyOf(value, (int) Math.min(length, value.length * 2L));
            }
            int step = Math.min(value.length - have, end - at);
            System.arraycopy(bytes, at, value, have, step);
            at += step;
            have += step;
        }
        return value;
    }

    /** The checksum of everything before {@link #position()}. */
    long checksum() {
        crc = Crc64.update(crc, bytes, crcAt, at);
        crcAt = at;
        return crc;
    }

    /** Whether nothing follows. */
    boolean atEnd() throws IOException {
        return at == end && !fill(1);
    }

    /** Makes the next {@code count} bytes available in the buffer. */
    private void need(int count) throws IOException {
        while (end - at < count) {
            if (mark >= 0 && (long) count + (at - mark) > limit) {
                throw ValueTooLarge.INSTANCE;
            }
            if (!fill((int) Math.min(count, end - at + GROWTH))) {
                throw new RdbFormatException("it ends here, in the middle of its content.", base + end);
            }
        }
    }

    private boolean fill(int count) throws IOException {
        if (in == null) {
            return false;
        }
        int from = mark >= 0 ? mark : at;
        if (from > crcAt) {
            crc = Crc64.update(crc, bytes, crcAt, from);
            crcAt = from;
        }
        if (from > 0 && (from == end || bytes.length - at < count || bytes.length - end < bytes.length / 4)) {
            shift(from);
        }
        if (bytes.length - at < count) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(at + (long) count, Math.min(2L * bytes.length, LARGEST)));
        }
        int got = in.read(bytes, end, bytes.length - end);
        if (got <= 0) {
            return false;
        }
        end += got;
        return true;
    }

    /** Drops the bytes before {@code from}. */
    private void shift(int from) {
        System.arraycopy(bytes, from, bytes, 0, end - from);
        base += from;
        at -= from;
        end -= from;
        crcAt -= from;
        if (mark >= 0) {
            mark -= from;
        }
    }
}
