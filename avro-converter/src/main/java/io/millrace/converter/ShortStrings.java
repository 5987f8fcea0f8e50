package io.millrace.converter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Short strings that come again and again, such as kinds and names of commands, as one object each. Not thread-safe. */
final class ShortStrings {

    private static final int REMEMBERED = 16;
    private static final int LONGEST = 48;

    private final String[] strings = new String[REMEMBERED];
    private final byte[][] encoded = new byte[REMEMBERED][];

    /** The string that stands there in UTF-8. */
    String of(byte[] bytes, int start, int length) {
        if (length == 0 || length > LONGEST) {
            return new String(bytes, start, length, StandardCharsets.UTF_8);
        }
        int place = (length * 31 + bytes[start]) & (REMEMBERED - 1);
        byte[] last = encoded[place];
        if (last != null && Arrays.equals(last, 0, last.length, bytes, start, start + length)) {
            return strings[place];
        }
        String value = new String(bytes, start, length, StandardCharsets.UTF_8);
        strings[place] = value;
        encoded[place] = Arrays.copyOfRange(bytes, start, start + length);
        return value;
    }
}
