package io.millrace.source.assemble;

import io.millrace.change.Command;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys that pipelines keep for themselves, such as a sink's checkpoints; they are never captured. */
final class ReservedKeys {

    private static final byte[] PREFIX = "__millrace:".getBytes(StandardCharsets.US_ASCII);

    private ReservedKeys() {}

    static boolean contains(byte[] key) {
        return key.length >= PREFIX.length
                && key[0] == '_'
                && Arrays.equals(key, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }

    /** Whether the command concerns reserved keys and no other. */
    static boolean onlyIn(Command command) {
        int[] keys = command.keys();
        for (int key : keys) {
            if (!contains(command.args()[key])) {
                return false;
            }
        }
        return keys.length > 0;
    }
}
