package io.millrace.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The end of a DUMP payload (cluster.c, createDumpPayload): two bytes of RDB version and eight of CRC, little-endian. */
final class DumpPayload {

    static final int FOOTER = 10;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private DumpPayload() {}

    /** Completes a payload that has its content already. */
    static void seal(byte[] payload, int rdbVersion) {
        int version = payload.length - FOOTER;
        payload[version] = (byte) rdbVersion;
        payload[version + 1] = (byte) (rdbVersion >>> 8);
        LONG.set(payload, version + 2, Crc64.update(0, payload, 0, version + 2));
    }

    /**
     * The RDB version of a payload.
     *
     * @throws RdbFormatException when it is too short for a payload, or its CRC is wrong
     */
    static int check(byte[] payload) throws RdbFormatException {
        int version = payload.length - FOOTER;
        if (version < 1) {
            throw new RdbFormatException("a DUMP payload has only " + payload.length + " bytes.", payload.length);
        }
        if ((long) LONG.get(payload, version + 2) != Crc64.update(0, payload, 0, version + 2)) {
            throw new RdbFormatException("the CRC of a DUMP payload is wrong.", version + 2);
        }
        return (payload[version] & 0xff) | (payload[version + 1] & 0xff) << 8;
    }
}
