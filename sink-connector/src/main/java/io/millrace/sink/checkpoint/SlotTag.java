package io.millrace.sink.checkpoint;

import io.millrace.slot.HashSlot;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** For every slot the smallest number whose digits hash to it, as a hash tag. Made with the first use. */
public final class SlotTag {

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

    private SlotTag() {}

    public static int of(int slot) {
        return BY_SLOT[slot];
    }
}
