package io.millrace.sink.plan;

/**
 * A 64-bit hash of a database and a key, by which units that share a key are recognised. Two keys with one hash are taken
 * for one: that costs a little speed and never order.
 */
final class KeyHash {

    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private KeyHash() {}

    static long of(int db, byte[] key) {
        long hash = db * PRIME + key.length;
        for (byte b : key) {
            hash = (hash ^ b) * 0x100000001B3L;
        }
        hash ^= hash >>> 32;
        hash *= PRIME;
        return hash ^ hash >>> 29;
    }
}
