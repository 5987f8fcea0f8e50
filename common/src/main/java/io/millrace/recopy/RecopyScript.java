package io.millrace.recopy;

import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The script that puts a key's value into the replication stream of its master. It is run in the key's database, outside of
 * MULTI, one key at a time: {@code EVAL <text> 2 <key> <marker key>}; it replies 1, or 0 for a key that does not exist (the
 * stream then says so). It needs the rights to DUMP, PEXPIRETIME, PTTL, TIME, SET and DEL, and a text below the source's
 * proto-max-bulk-len.
 */
public final class RecopyScript {

    /** How the names of markers begin. */
    public static final String PREFIX = "__millrace:copy:";

    private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

    private RecopyScript() {}

    /** The script, for EVAL. */
    public static String text() {
        try (InputStream in = RecopyScript.class.getResourceAsStream("recopy.lua")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The marker for a key: in the same slot, and of the same name every time. */
    public static byte[] markerKey(byte[] key) {
        String tag = new String(SlotTag.of(HashSlot.of(key)), StandardCharsets.US_ASCII);
        return (PREFIX + '{' + tag + '}').getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the key names a marker. */
    public static boolean isMarker(byte[] key) {
        if (key.length < PREFIX_BYTES.length) {
            return false;
        }
        for (int i = 0; i < PREFIX_BYTES.length; i++) {
            if (key[i] != PREFIX_BYTES[i]) {
                return false;
            }
        }
        return true;
    }
}
