package io.millrace.sink.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The keys that Millrace writes for itself at the destination. */
final class OwnKeys {

    private static final byte[] PREFIX = "__millrace:".getBytes(StandardCharsets.US_ASCII);

    private OwnKeys() {}

    static boolean contains(byte[] key) {
        return key.length >= PREFIX.length && Arrays.equals(key, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
    }
}
