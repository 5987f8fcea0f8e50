package io.millrace.sink.plan;

import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The key under which a value is put together before it takes its place. It is in the same slot as its key, so that RENAME
 * works on a cluster: its hash tag is a number chosen for the slot, because the key itself may hold braces that make it unfit
 * for a tag.
 */
final class PartKey {

    /** What Millrace writes for itself begins like this and is neither captured nor compared. */
    private static final byte[] PREFIX = "__millrace:part:{".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] AFTER_TAG = "}:".getBytes(StandardCharsets.US_ASCII);

    private PartKey() {}

    static byte[] of(byte[] key) {
        byte[] tag = Integer.toString(Tags.BY_SLOT[HashSlot.of(key)]).getBytes(StandardCharsets.US_ASCII);
        byte[] result = Arrays.copyOf(PREFIX, PREFIX.length + tag.length + AFTER_TAG.length + key.length);
        System.arraycopy(tag, 0, result, PREFIX.length, tag.length);
        System.arraycopy(AFTER_TAG, 0, result, PREFIX.length + tag.length, AFTER_TAG.length);
        System.arraycopy(key, 0, result, result.length - key.length, key.length);
        return result;
    }

    /** For every slot the smallest number whose digits hash to it; made when the first value in parts arrives. */
    private static final class Tags {
        private static final int[] BY_SLOT = new int[HashSlot.COUNT];

        static {
            Arrays.fill(BY_SLOT, -1);
            int missing = HashSlot.COUNT;
            for (int n = 0; missing > 0; n++) {
                int slot = HashSlot.of(Integer.toString(n).getBytes(StandardCharsets.US_ASCII));
                if (BY_SLOT[slot] < 0) {
                    BY_SLOT[slot] = n;
                    missing--;
                }
            }
        }
    }
}
