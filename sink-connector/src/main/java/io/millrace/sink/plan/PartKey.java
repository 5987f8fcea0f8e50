package io.millrace.sink.plan;

import io.millrace.sink.checkpoint.SlotTag;
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
        byte[] tag = Integer.toString(SlotTag.of(HashSlot.of(key))).getBytes(StandardCharsets.US_ASCII);
        byte[] result = Arrays.copyOf(PREFIX, PREFIX.length + tag.length + AFTER_TAG.length + key.length);
        System.arraycopy(tag, 0, result, PREFIX.length, tag.length);
        System.arraycopy(AFTER_TAG, 0, result, PREFIX.length + tag.length, AFTER_TAG.length);
        System.arraycopy(key, 0, result, result.length - key.length, key.length);
        return result;
    }
}
