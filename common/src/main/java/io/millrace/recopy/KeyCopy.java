package io.millrace.recopy;

import io.millrace.change.Expiry;
import java.util.Objects;

/**
 * What a marker in the replication stream says: a key's whole value at that point, or that there is none. The marker is the
 * command {@code SET __millrace:copy:{tag}:… <text>} of {@link RecopyScript}, in the key's database; its text is
 * {@code 1:<length of the key>:<expiry>:<key><payload>}, with numbers in decimal, the expiry in milliseconds since the epoch
 * or -1, and an empty payload for a key that does not exist. Arrays are shared, not copied.
 *
 * @param payload the value as DUMP gives it, or null when the key does not exist
 * @param expireAt in milliseconds since the epoch, or {@link Expiry#NONE}
 */
public record KeyCopy(byte[] key, byte[] payload, long expireAt) {

    private static final byte VERSION = '1';
    private static final int LONGEST_NUMBER = 18;

    public KeyCopy {
        Objects.requireNonNull(key, "key");
    }

    /**
     * Reads the text of a marker.
     *
     * @throws IllegalArgumentException when it is not one; the message says in what, and holds none of the text
     */
    public static KeyCopy parse(byte[] text) {
        if (text.length < 2 || text[0] != VERSION || text[1] != ':') {
            throw new IllegalArgumentException("it does not begin with '1:'");
        }
        int length = colon(text, 2);
        int expiry = colon(text, length + 1);
        long keyLength = number(text, 2, length);
        boolean forever = expiry - length == 3 && text[length + 1] == '-' && text[length + 2] == '1';
        long expireAt = forever ? Expiry.NONE : number(text, length + 1, expiry);
        int start = expiry + 1;
        if (keyLength > text.length - start) {
            throw new IllegalArgumentException("its key is cut off");
        }
        int payload = start + (int) keyLength;
        if (payload == text.length) {
            if (!forever) {
                throw new IllegalArgumentException("it has an expiry but no value");
            }
            return new KeyCopy(range(text, start, payload), null, Expiry.NONE);
        }
        return new KeyCopy(range(text, start, payload), range(text, payload, text.length), expireAt);
    }

    private static byte[] range(byte[] text, int from, int to) {
        byte[] range = new byte[to - from];
        System.arraycopy(text, from, range, 0, range.length);
        return range;
    }

    private static int colon(byte[] text, int from) {
        for (int i = from; i < text.length && i <= from + LONGEST_NUMBER; i++) {
            if (text[i] == ':') {
                return i;
            }
        }
        throw new IllegalArgumentException("a number at byte " + from + " has no end");
    }

    private static long number(byte[] text, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                throw new IllegalArgumentException("there is no number at byte " + from);
            }
            number = number * 10 + (text[i] - '0');
        }
        if (from == to) {
            throw new IllegalArgumentException("there is no number at byte " + from);
        }
        return number;
    }

    /** Never the content, which is the user's data. */
    @Override
    public String toString() {
        return "a copy of a key of " + key.length + " bytes, "
                + (payload == null ? "which does not exist" : "payload " + payload.length + " bytes");
    }
}
