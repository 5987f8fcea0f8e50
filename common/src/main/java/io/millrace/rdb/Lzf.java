package io.millrace.rdb;

import java.util.Arrays;

/** Decompresses LZF (liblzf's lzf_d.c): literal runs, and references at most 8 KB back. */
final class Lzf {

    private Lzf() {}

    /** @param position where the packed bytes stand in the RDB, for the message */
    static byte[] unpack(byte[] packed, int length, long position) throws RdbFormatException {
        return unpack(packed, 0, packed.length, length, position);
    }

    /**
     * The same for a range of an array.
     *
     * @param position where the array stands in the RDB, for the message
     */
    static byte[] unpack(byte[] packed, int begin, int end, int length, long position) throws RdbFormatException {
        byte[] out = new byte[length];
        int at = begin;
        int to = 0;
        while (at < end) {
            int control = packed[at++] & 0xff;
            if (control < 32) {
                int run = control + 1;
                if (run > end - at || run > length - to) {
                    throw broken(position + at);
                }
                System.arraycopy(packed, at, out, to, run);
                at += run;
                to += run;
                continue;
            }
            int run = control >>> 5;
            if (run == 7) {
                if (at == end) {
                    throw broken(position + at);
                }
                run += packed[at++] & 0xff;
            }
            run += 2;
            if (at == end) {
                throw broken(position + at);
            }
            int from = to - ((control & 0x1f) << 8 | (packed[at++] & 0xff)) - 1;
            if (from < 0 || run > length - to) {
                throw broken(position + at);
            }
            repeat(out, from, to, run);
            to += run;
        }
        if (to != length) {
            throw broken(position + at);
        }
        return out;
    }

    /** Copies what may overlap with its copy: then it repeats itself. */
    private static void repeat(byte[] out, int from, int to, int run) {
        int period = to - from;
        if (period >= run) {
            System.arraycopy(out, from, out, to, run);
        } else if (period == 1) {
            Arrays.fill(out, to, to + run, out[from]);
        } else {
            for (int i = 0; i < run; i++) {
                out[to + i] = out[from + i];
            }
        }
    }

    static RdbFormatException broken(long position) {
        return new RdbFormatException("a compressed string does not decompress to its length.", position);
    }
}
