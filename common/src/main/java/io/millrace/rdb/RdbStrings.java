package io.millrace.rdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lengths and strings as rdb.c encodes them. */
final class RdbStrings {

    private static final int INT8 = 0;
    private static final int INT16 = 1;
    private static final int INT32 = 2;
    private static final int LZF = 3;

    private final RdbInput in;
    private final int longest;
    /** The special encoding that {@link #length} met, or -1. */
    private int encoding = -1;

    /** @param longest bytes of one string */
    RdbStrings(RdbInput in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    RdbInput input() {
        return in;
    }

    /** A length; or 0 and {@link #encoding} set. As a number it has all 64 bits. */
    private long length() throws IOException {
        int first = in.unsigned();
        encoding = -1;
        switch (first >>> 6) {
            case 0:
                return first;
            case 1:
                return (first & 0x3f) << 8 | in.unsigned();
            case 2:
                if (first == 0x80) {
                    return in.intBigEndian() & 0xffffffffL;
                }
                if (first == 0x81) {
                    return in.longBigEndian();
                }
                throw broken("the length byte " + first + " has no meaning");
            default:
                encoding = first & 0x3f;
                return 0;
        }
    }

    /** A number of up to 64 bits, stored as a length. */
    long number() throws IOException {
        long value = length();
        if (encoding >= 0) {
            throw broken("a string's encoding stands where a number belongs");
        }
        return value;
    }

    /** How many elements follow. */
    long count() throws IOException {
        long value = number();
        if (value < 0) {
            throw broken("a count of elements exceeds 2^63");
        }
        return value;
    }

    /** A small number, such as a database or a slot. */
    int smallNumber(String what) throws IOException {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw broken(what + " is " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    void skip() throws IOException {
        long length = length();
        switch (encoding) {
            case -1 -> in.skip(checked(length));
            case INT8 -> in.skip(1);
            case INT16 -> in.skip(2);
            case INT32 -> in.skip(4);
            case LZF -> {
                int packed = checked(number());
                int unpacked = unpackedLength(packed);
                in.expands(unpacked - (long) packed);
                in.skip(packed);
            }
            default -> throw broken("the string encoding " + encoding + " has no meaning");
        }
    }

    /** The string, decompressed, integers as decimal text. */
    byte[] take() throws IOException {
        long length = length();
        if (encoding < 0) {
            return in.take(checked(length));
        }
        return encoding == LZF ? unpacked() : integer();
    }

    private byte[] unpacked() throws IOException {
        int packed = checked(number());
        int unpacked = unpackedLength(packed);
        long position = in.position();
        return Lzf.unpack(in.take(packed), unpacked, position);
    }

    private byte[] integer() throws IOException {
        return switch (encoding) {
            case INT8 -> decimal((byte) in.unsigned());
            case INT16 -> decimal((short) (in.unsigned() | in.unsigned() << 8));
            case INT32 -> decimal(Integer.reverseBytes(in.intBigEndian()));
            default -> throw broken("the string encoding " + encoding + " has no meaning");
        };
    }

    /** Hands a string out in ranges of at most {@code size} bytes; at least one range, of an empty string an empty one. */
    void ranges(int size, ValueSink sink) throws IOException, InterruptedException {
        long length = length();
        if (encoding == LZF) {
            int packed = checked(number());
            int unpacked = unpackedLength(packed);
            new LzfStream(in, packed, unpacked, size).copyTo(sink);
            return;
        }
        if (encoding >= 0) {
            sink.string(integer());
            return;
        }
        long left = checked(length);
        do {
            int step = (int) Math.min(left, size);
            sink.string(in.take(step));
            left -= step;
        } while (left > 0);
    }

    static byte[] decimal(long value) {
        return Long.toString(value).getBytes(StandardCharsets.ISO_8859_1);
    }

    private int unpackedLength(int packed) throws IOException {
        int unpacked = checked(number());
        // Three bytes of LZF expand to 264 at most.
        if (unpacked > packed * 264L || (unpacked == 0) != (packed == 0)) {
            throw broken("a compressed string of " + packed + " bytes claims to hold " + unpacked);
        }
        return unpacked;
    }

    private int checked(long length) throws IOException {
        if (length < 0 || length > longest) {
            throw broken("a string claims " + Long.toUnsignedString(length) + " bytes, above the limit of " + longest
                    + " (proto-max-bulk-len)");
        }
        return (int) length;
    }

    RdbFormatException broken(String what) {
        return new RdbFormatException(what + ".", in.position());
    }
}
