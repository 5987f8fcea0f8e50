package io.millrace.slot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hash tags for keys of our own that must lie in a given slot, such as beside a user's key: that key itself may hold braces
 * that make it unfit for a tag.
 */
public final class SlotTag {

    private SlotTag() {}

    /** What to put between braces for a key in this slot, 0 to 16383: the digits of the smallest number that hashes to it. */
    public static byte[] of(int slot) {
        return Integer.toString(Numbers.BY_SLOT[slot]).getBytes(StandardCharsets.US_ASCII);
    }

    /** Made when the first is asked for. */
    private static final class Numbers {
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
