package io.millrace.converter;

import java.util.Arrays;

/**
 * Reads Avro's binary encoding (Apache Avro specification, "Binary Encoding") from one record. Every length and count is
 * held against the bytes that are left before anything is allocated, so that memory stays in proportion to the record.
 * Not thread-safe.
 */
final class AvroInput {

    /** How deep records of a recursive schema may nest. */
    private static final int DEEPEST = 256;

    /** How many elements that take no bytes at all, such as empty structs, one array or map may hold. */
    private static final int MOST_EMPTY = 1 << 16;

    private final byte[] bytes;
    private final ShortStrings strings;
    private int position;
    private int depth;

    /** @param strings for no other thread until the record is read */
    AvroInput(byte[] bytes, int position, ShortStrings strings) {
        this.bytes = bytes;
        this.position = position;
        this.strings = strings;
    }

    int remaining() {
        return bytes.length - position;
    }

    int int32() {
        int n = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = next();
            if (shift == 28 && (b & 0xF0) != 0) {
                throw failure("an int takes more than 32 bits");
            }
            n |= (b & 0x7F) << shift;
            if ((b & 0x80) == 0) {
                return (n >>> 1) ^ -(n & 1);
            }
        }
        throw failure("an int takes more than 32 bits");
    }

    long int64() {
        long n = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = next();
            if (shift == 63 && (b & 0xFE) != 0) {
                throw failure("a long takes more than 64 bits");
            }
            n |= (b & 0x7FL) << shift;
            if ((b & 0x80) == 0) {
                return (n >>> 1) ^ -(n & 1);
            }
        }
        throw failure("a long takes more than 64 bits");
    }

    float float32() {
        return Float.intBitsToFloat((int) littleEndian(4));
    }

    double float64() {
        return Double.longBitsToDouble(littleEndian(8));
    }

    boolean bool() {
        int b = next();
        if (b > 1) {
            throw failure("a boolean is " + b + " where only 0 and 1 may stand");
        }
        return b == 1;
    }

    String string() {
        int length = length();
        int start = position;
        position += length;
        return strings.of(bytes, start, length);
    }

    byte[] bytes() {
        return raw(length());
    }

    byte[] raw(int length) {
        require(length);
        byte[] value = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return value;
    }

    /** The branch of a union or the ordinal of an enum, from 0. */
    int index(int count) {
        if (position < bytes.length) {
            int b = bytes[position];
            // one byte, not negative in zigzag: nearly always
            if ((b & 0x81) == 0 && b >>> 1 < count) {
                position++;
                return b >>> 1;
            }
        }
        return anyIndex(count);
    }

    private int anyIndex(int count) {
        int index = int32();
        if (index < 0 || index >= count) {
            throw failure("the index " + index + " is not below " + count);
        }
        return index;
    }

    /**
     * The number of elements in the next block of an array or map; 0 ends it.
     *
     * @param least the fewest bytes that one element takes
     * @param before how many elements the blocks before it held
     */
    int block(int least, int before) {
        long count = int64();
        if (count < 0) {
            long size = int64();
            if (size < 0 || size > remaining()) {
                throw failure("a block of " + size + " bytes is announced where " + remaining() + " are left");
            }
            count = -count;
        }
        long most = least == 0 ? MOST_EMPTY - before : remaining() / least;
        if (count < 0 || count > most) {
            throw failure("a block of " + count + " elements is announced where " + remaining() + " bytes are left");
        }
        return (int) count;
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw failure("records are nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }

    CodecFailure failure(String reason) {
        return new CodecFailure(reason + " (byte " + position + " of " + bytes.length + ")");
    }

    private int length() {
        if (position < bytes.length) {
            int b = bytes[position];
            if ((b & 0x81) == 0 && b >>> 1 < bytes.length - position) {
                position++;
                return b >>> 1;
            }
        }
        return anyLength();
    }

    private int anyLength() {
        long length = int64();
        if (length < 0 || length > remaining()) {
            throw failure("a length of " + length + " is announced where " + remaining() + " bytes are left");
        }
        return (int) length;
    }

    private long littleEndian(int count) {
        require(count);
        long bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= (bytes[position++] & 0xFFL) << (8 * i);
        }
        return bits;
    }

    private void require(int count) {
        if (remaining() < count) {
            throw failure("the record ends where " + count + " more bytes belong");
        }
    }

    private int next() {
        require(1);
        return bytes[position++] & 0xFF;
    }
}
