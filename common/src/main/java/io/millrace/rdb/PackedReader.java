package io.millrace.rdb;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * Elements of the compact encodings that Redis keeps in one piece of memory and writes to the RDB as they are. Every
 * access is checked against the piece.
 */
abstract class PackedReader {

    protected final byte[] bytes;
    protected int at;
    private final long position;

    /** @param position the byte of the RDB behind the piece, for messages */
    PackedReader(byte[] bytes, long position) {
        this.bytes = bytes;
        this.position = position;
    }

    /** Whether no element is left. */
    abstract boolean atEnd() throws IOException;

    /** The next element, integers as decimal text. */
    abstract byte[] next() throws IOException;

    /** The next element, which must be an integer. */
    long nextLong() throws IOException {
        byte[] element = next();
        long value = 0;
        int i = element.length > 0 && element[0] == '-' ? 1 : 0;
        boolean number = element.length > i && element.length <= 20;
        for (int k = i; k < element.length && number; k++) {
            number = element[k] >= '0' && element[k] <= '9';
            value = value * 10 - (element[k] - '0');
        }
        if (!number) {
            throw broken("an element is not the integer that belongs there");
        }
        return i == 1 ? value : -value;
    }

    protected int unsigned() throws IOException {
        need(1);
        return bytes[at++] & 0xff;
    }

    protected byte[] text(long length) throws IOException {
        need(length);
        byte[] value = Arrays.copyOfRange(bytes, at, at + (int) length);
        at += (int) length;
        return value;
    }

    /** A signed integer of {@code size} bytes, little-endian. */
    protected long integer(int size) throws IOException {
        need(size);
        long value = bytes[at + size - 1];
        for (int i = size - 2; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        at += size;
        return value;
    }

    protected long unsignedInteger(int size) throws IOException {
        return integer(size) & (1L << (8 * size)) - 1;
    }

    protected void pass(long count) throws IOException {
        need(count);
        at += (int) count;
    }

    private void need(long count) throws IOException {
        if (count < 0 || count > bytes.length - at) {
            throw broken("it ends in the middle of an element");
        }
    }

    protected RdbFormatException broken(String what) {
        return new RdbFormatException(
                "a " + getClass().getSimpleName().replace("Reader", "").toLowerCase(Locale.ROOT) + " of " + bytes.length
                        + " bytes before this place is damaged at its byte " + at + ": " + what + ".",
                position);
    }
}
