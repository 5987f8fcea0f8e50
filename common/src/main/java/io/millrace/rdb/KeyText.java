package io.millrace.rdb;

/** A key in a message: printable, and short. */
final class KeyText {

    private static final int LONGEST = 80;

    private KeyText() {}

    static String of(byte[] key) {
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < key.length && i < LONGEST; i++) {
            int b = key[i] & 0xff;
            if (b >= ' ' && b < 0x7f && b != '\'' && b != '\\') {
                text.append((char) b);
            } else {
                text.append("\\x").append(Character.forDigit(b >>> 4, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        text.append('\'');
        return key.length > LONGEST ? text + "... (" + key.length + " bytes)" : text.toString();
    }
}
