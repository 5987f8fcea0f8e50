package io.millrace.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads the DUMP payload of a string without a reader of RDB around it: SET takes the destination less than RESTORE, which
 * checks and decodes the payload again.
 */
public final class StringPayload {

    /** A string that is longer and compressed is better sent as it is. */
    private static final int MOST_UNPACKED = 1024;

    private static final int SIX_BITS = 0;
    private static final int FOURTEEN_BITS = 1;
    private static final int THIRTY_TWO_BITS = 0x80;

    private static final int INT8 = 0xC0;
    private static final int INT16 = 0xC1;
    private static final int INT32 = 0xC2;
    private static final int LZF = 0xC3;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] payload;
    private final int end;
    private int at = 1;

    private StringPayload(byte[] payload) {
        this.payload = payload;
        this.end = payload.length - DumpPayload.FOOTER;
    }

    /**
     * The string that a payload holds, numbers as decimal text.
     *
     * @return null when it is of another type, is long and compressed, or is not what rdb.c writes for a string: whoever
     *     restores it finds out
     */
    public static byte[] read(byte[] payload) {
        if (payload.length < DumpPayload.FOOTER + 2 || payload[0] != RdbType.STRING) {
            return null;
        }
        return new StringPayload(payload).read();
    }

    private byte[] read() {
        int first = payload[at] & 0xff;
        switch (first) {
            case INT8:
                return has(2) ? RdbStrings.decimal(payload[at + 1]) : null;
            case INT16:
                return has(3) ? RdbStrings.decimal((short) ((payload[at + 1] & 0xff) | payload[at + 2] << 8)) : null;
            case INT32:
                return has(5) ? RdbStrings.decimal((int) INT.get(payload, at + 1)) : null;
            case LZF:
                at++;
                return unpacked();
            default:
                return raw();
        }
    }

    private byte[] raw() {
        int length = length();
        return length >= 0 && has(length) ? Arrays.copyOfRange(payload, at, end) : null;
    }

    /** Whether that many bytes are left and no more. */
    private boolean has(int bytes) {
        return end - at == bytes;
    }

    private byte[] unpacked() {
        int packed = length();
        int length = length();
        if (packed < 0 || length < 0 || length > MOST_UNPACKED || !has(packed)) {
            return null;
        }
        try {
            return Lzf.unpack(payload, at, end, length, 0);
        } catch (RdbFormatException e) {
            return null; // the destination names what is wrong with it
        }
    }

    /** A length; -1 when there is none that an array can have. */
    private int length() {
        if (at >= end) {
            return -1;
        }
        int first = payload[at++] & 0xff;
        if (first >>> 6 == SIX_BITS) {
            return first;
        }
        if (first >>> 6 == FOURTEEN_BITS && at < end) {
            return (first & 0x3f) << 8 | (payload[at++] & 0xff);
        }
        if (first == THIRTY_TWO_BITS && end - at >= 4) {
            int length = Integer.reverseBytes((int) INT.get(payload, at));
            at += 4;
            return length < 0 ? -1 : length;
        }
        return -1;
    }
}
