package io.millrace.converter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes Avro's binary encoding (Apache Avro specification, "Binary Encoding") into one growing array. Not thread-safe.
 */
final class AvroOutput {

    private static final int INITIAL = 512;

    /** A larger array is not kept for the next record. */
    private static final int KEPT = 1 << 20;

    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private byte[] buffer = new byte[INITIAL];
    private int size;

    void int32(int value) {
        int n = (value << 1) ^ (value >> 31);
        if ((n & ~0x7F) == 0 && size < buffer.length) {
            buffer[size++] = (byte) n; // nearly always
            return;
        }
        ensure(5);
        while ((n & ~0x7F) != 0) {
            buffer[size++] = (byte) (n | 0x80);
            n >>>= 7;
        }
        buffer[size++] = (byte) n;
    }

    void int64(long value) {
        long n = (value << 1) ^ (value >> 63);
        ensure(10);
        while ((n & ~0x7FL) != 0) {
            buffer[size++] = (byte) (n | 0x80);
            n >>>= 7;
        }
        buffer[size++] = (byte) n;
    }

    void float32(float value) {
        littleEndian(Float.floatToRawIntBits(value), 4);
    }

    void float64(double value) {
        littleEndian(Double.doubleToRawLongBits(value), 8);
    }

    void bool(boolean value) {
        ensure(1);
        buffer[size++] = (byte) (value ? 1 : 0);
    }

    void string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        bytes(utf8);
    }

    void bytes(byte[] value) {
        int32(value.length);
        raw(value);
    }

    /** Writes the bytes between position and limit; the buffer's position stays. */
    void bytes(ByteBuffer value) {
        int32(value.remaining());
        raw(value);
    }

    /** Writes the bytes as they are, without their length. */
    void raw(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, buffer, size, value.length);
        size += value.length;
    }

    /** Writes the bytes between position and limit as they are, without their length. */
    void raw(ByteBuffer value) {
        int length = value.remaining();
        ensure(length);
        value.get(value.position(), buffer, size, length);
        size += length;
    }

    /** What was written; the output is then empty again. */
    byte[] take() {
        byte[] written = Arrays.copyOf(buffer, size);
        clear();
        return written;
    }

    void clear() {
        size = 0;
        if (buffer.length > KEPT) {
            buffer = new byte[INITIAL];
        }
    }

    private void littleEndian(long bits, int count) {
        ensure(count);
        for (int i = 0; i < count; i++) {
            buffer[size++] = (byte) (bits >>> (8 * i));
        }
    }

    private void ensure(int more) {
        if (buffer.length - size < more) {
            long needed = (long) size + more;
            if (needed > LARGEST) {
                throw new CodecFailure("the encoded value is larger than 2 GiB");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(LARGEST, Math.max(needed, buffer.length * 2L)));
        }
    }
}
