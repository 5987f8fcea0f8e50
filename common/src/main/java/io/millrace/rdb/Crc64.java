package io.millrace.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64 as RDB files and DUMP payloads end with it: Jones polynomial 0xad93d23594c935a9, reflected, initial value 0, no
 * final xor (crc64.c). Eight tables, eight bytes a step.
 */
final class Crc64 {

    /** The polynomial with its bits reversed. */
    private static final long REFLECTED = Long.reverse(0xad93d23594c935a9L);

    private static final long[][] TABLE = tables();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Crc64() {}

    /** The CRC of what {@code crc} covers followed by these bytes; start with 0. */
    static long update(long crc, byte[] bytes, int from, int to) {
        long[] t0 = TABLE[0];
        long[] t1 = TABLE[1];
        long[] t2 = TABLE[2];
        long[] t3 = TABLE[3];
        long[] t4 = TABLE[4];
        long[] t5 = TABLE[5];
        long[] t6 = TABLE[6];
        long[] t7 = TABLE[7];
        int at = from;
        while (to - at >= 8) {
            long x = crc ^ (long) LONG.get(bytes, at);
            crc = t7[(int) x & 0xff]
                    ^ t6[(int) (x >>> 8) & 0xff]
                    ^ t5[(int) (x >>> 16) & 0xff]
                    ^ t4[(int) (x >>> 24) & 0xff]
                    ^ t3[(int) (x >>> 32) & 0xff]
                    ^ t2[(int) (x >>> 40) & 0xff]
                    ^ t1[(int) (x >>> 48) & 0xff]
                    ^ t0[(int) (x >>> 56)];
            at += 8;
        }
        while (at < to) {
            crc = t0[(int) (crc ^ bytes[at++]) & 0xff] ^ (crc >>> 8);
        }
        return crc;
    }

    private static long[][] tables() {
        long[][] table = new long[8][256];
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ REFLECTED : crc >>> 1;
            }
            table[0][i] = crc;
        }
        for (int i = 0; i < 256; i++) {
            for (int k = 1; k < 8; k++) {
                long before = table[k - 1][i];
                table[k][i] = table[0][(int) before & 0xff] ^ (before >>> 8);
            }
        }
        return table;
    }
}
