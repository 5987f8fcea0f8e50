package io.millrace.rdb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes an RDB by hand, for what no server here writes any more, or yet. */
final class RdbBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RdbBytes(String magic) {
        raw(magic.getBytes(StandardCharsets.US_ASCII));
    }

    RdbBytes bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }

    RdbBytes raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    RdbBytes string(String text) {
        return string(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RdbBytes string(byte[] bytes) {
        return number(bytes.length).raw(bytes);
    }

    RdbBytes number(long value) {
        if (value >= 0 && value < 64) {
            return bytes((int) value);
        }
        if (value >= 0 && value < 16_384) {
            return bytes(0x40 | (int) (value >> 8), (int) value & 0xff);
        }
        if (value >= 0 && value <= 0xffffffffL) {
            return bytes(0x80).raw(ByteBuffer.allocate(4).putInt((int) value).array());
        }
        return bytes(0x81).raw(ByteBuffer.allocate(8).putLong(value).array());
    }

    RdbBytes longLittleEndian(long value) {
        return raw(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }

    RdbBytes doubleLittleEndian(double value) {
        return longLittleEndian(Double.doubleToLongBits(value));
    }

    byte[] open() {
        return out.toByteArray();
    }

    /** With the end mark and the checksum. */
    byte[] end() {
        bytes(RdbType.OPCODE_EOF);
        byte[] all = out.toByteArray();
        return longLittleEndian(Crc64.update(0, all, 0, all.length)).open();
    }
}
