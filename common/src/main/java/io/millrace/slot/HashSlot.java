package io.millrace.slot;

/**
 * The hash slot of a key in Redis Cluster: CRC16 (XMODEM: polynomial 0x1021, initial value 0) of the key, or of its hash tag,
 * modulo 16384 (Redis Cluster specification, "Key distribution model" and "Hash tags"). Allocates nothing.
 */
public final class HashSlot {

    /** How many slots a cluster has. */
    public static final int COUNT = 16_384;

    private static final char[] CRC = table();

    private HashSlot() {}

    /** 0 to 16383. */
    public static int of(byte[] key) {
        return of(key, 0, key.length);
    }

    /**
     * The slot of the key that is {@code bytes[start, start + length)}. Where the key has a non-empty part between its first
     * '{' and the first '}' after it, only that part counts.
     */
    public static int of(byte[] bytes, int start, int length) {
        int end = start + length;
        int open = indexOf(bytes, start, end, (byte) '{');
        if (open >= 0) {
            int close = indexOf(bytes, open + 1, end, (byte) '}');
            if (close > open + 1) {
                return crc16(bytes, open + 1, close) & (COUNT - 1);
            }
        }
        return crc16(bytes, start, end) & (COUNT - 1);
    }

    private static int indexOf(byte[] bytes, int from, int end, byte wanted) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int crc16(byte[] bytes, int from, int end) {
        int crc = 0;
        for (int i = from; i < end; i++) {
            crc = ((crc << 8) & 0xffff) ^ CRC[((crc >>> 8) ^ bytes[i]) & 0xff];
        }
        return crc;
    }

    private static char[] table() {
        char[] table = new char[256];
        for (int i = 0; i < 256; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            }
            table[i] = (char) crc;
        }
        return table;
    }
}
