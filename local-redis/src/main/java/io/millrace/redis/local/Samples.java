package io.millrace.redis.local;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Byte strings and numbers at the places where Redis changes the encoding of an element; the same for the same seed. */
final class Samples {
    /** Element counts around the default limits of the compact encodings of Redis 6 to 8. */
    static final int[] SIZES = {1, 2, 127, 128, 129, 511, 512, 513};

    /** Integers around the widths of listpack, ziplist, intset and string encodings. */
    static final List<Long> INTEGERS = List.of(
            0L,
            1L,
            -1L,
            12L,
            13L,
            127L,
            128L,
            -128L,
            4095L,
            4096L,
            -4096L,
            -4097L,
            32_767L,
            32_768L,
            -32_768L,
            -32_769L,
            8_388_607L,
            8_388_608L,
            -8_388_609L,
            2_147_483_647L,
            2_147_483_648L,
            -2_147_483_649L,
            Long.MAX_VALUE,
            Long.MIN_VALUE);

    /** Lengths around the limits of embstr, the compact encodings' elements, and string length prefixes. */
    static final int[] LENGTHS = {0, 1, 44, 45, 63, 64, 65, 4095, 4096, 16_383, 16_384, 100_000};

    private final SplittableRandom random;

    Samples(long seed) {
        this.random = new SplittableRandom(seed);
    }

    static byte[] everyByte() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return all;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Random bytes: nothing compresses them. */
    byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** One repeated byte: LZF makes it tiny. */
    byte[] flat(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) ('a' + random.nextInt(26)));
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    double score() {
        return random.nextDouble(-1e6, 1e6);
    }
}
