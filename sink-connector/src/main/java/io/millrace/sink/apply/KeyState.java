package io.millrace.sink.apply;

import java.util.Arrays;

/**
 * All that a key is.
 *
 * @param payload as DUMP gives it; null when there is no such key
 * @param expireAt in milliseconds since the epoch, -1 for none
 */
record KeyState(byte[] payload, long expireAt) {

    static final KeyState ABSENT = new KeyState(null, -1);

    /** How far apart two runs of a script may set a time that they count from the server's clock, in milliseconds. */
    private static final long SAME_TIME = 1000;

    /** Whether both came of the same commands. */
    boolean isLike(KeyState other) {
        return Arrays.equals(payload, other.payload)
                && (expireAt < 0) == (other.expireAt < 0)
                && Math.abs(expireAt - other.expireAt) <= SAME_TIME;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyState that && expireAt == that.expireAt && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(expireAt) + Arrays.hashCode(payload);
    }

    /** Never the payload. */
    @Override
    public String toString() {
        return payload == null ? "no key" : payload.length + " bytes, expires at " + expireAt;
    }
}
