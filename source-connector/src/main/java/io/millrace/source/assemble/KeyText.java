package io.millrace.source.assemble;

/** A key in a message: quoted, at most 100 bytes of it, what is not printable ASCII as \xHH. */
final class KeyText {

    private static final int LONGEST = 100;

    private KeyText() {}

    static String of(byte[] key) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < key.length && i < LONGEST; i++) {
            int b = key[i] & 0xff;
            if (b == '"' || b == '\\') {
                text.append('\\').append((char) b);
            } else if (b >= ' ' && b < 0x7f) {
                text.append((char) b);
            } else {
                text.append(String.format("\\x%02x", b));
            }
        }
        return text.append(key.length > LONGEST ? "…\"" : "\"").toString();
    }
}
