package io.millrace.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes a DUMP payload: lengths, strings and numbers as rdb.c saves them, without any compact or compressed form. */
final class PayloadWriter {

    private static final VarHandle LONG_LE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int LENGTH_32_BITS = 0x80;
    private static final int LENGTH_64_BITS = 0x81;

    private byte[] bytes;
    private int size;

    /** @param type the byte that the payload begins with */
    PayloadWriter(int type, int expected) {
        bytes = new byte[Math.max(64, expected)];
        bytes[size++] = (byte) type;
    }

    /** A length, or a number of 64 bits that is stored as one (rdbSaveLen). */
    void number(long value) {
        need(9);
        if (value >= 0 && value < 1 << 6) {
            bytes[size++] = (byte) value;
        } else if (value >= 0 && value < 1 << 14) {
            bytes[size++] = (byte) (0x40 | value >>> 8);
            bytes[size++] = (byte) value;
        } else if (value >= 0 && value <= 0xffffffffL) {
            bytes[size++] = (byte) LENGTH_32_BITS;
            for (int shift = 24; shift >= 0; shift -= 8) {
                bytes[size++] = (byte) (value >>> shift);
            }
        } else {
            bytes[size++] = (byte) LENGTH_64_BITS;
            LONG_BE.set(bytes, size, value);
            size += Long.BYTES;
        }
    }

    void string(byte[] value) {
        number(value.length);
        raw(value, 0, value.length);
    }

    void raw(byte[] from, int start, int end) {
        need(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
    }

    void longLittleEndian(long value) {
        need(Long.BYTES);
        LONG_LE.set(bytes, size, value);
        size += Long.BYTES;
    }

    void longBigEndian(long value) {
        need(Long.BYTES);
        LONG_BE.set(bytes, size, value);
        size += Long.BYTES;
    }

    void score(double value) {
        longLittleEndian(Double.doubleToRawLongBits(value));
    }

    /** The payload with its footer. */
    byte[] sealed(int rdbVersion) {
        byte[] payload = Arrays.copyOf(bytes, size + DumpPayload.FOOTER);
        DumpPayload.seal(payload, rdbVersion);
        return payload;
    }

    private void need(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }
}
