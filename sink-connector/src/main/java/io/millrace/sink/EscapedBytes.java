package io.millrace.sink;

/** Bytes for people to read: printable ASCII as it is, all else as {@code \xNN}, and no more than fits a message. */
final class EscapedBytes {

    private static final int MOST = 120;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private EscapedBytes() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + 16).append('"');
        for (int i = 0; i < Math.min(bytes.length, MOST); i++) {
            int b = bytes[i] & 0xFF;
            if (b == '"' || b == '\\') {
                text.append('\\').append((char) b);
            } else if (b >= 0x20 && b < 0x7F) {
                text.append((char) b);
            } else {
                text.append("\\x").append(HEX[b >> 4]).append(HEX[b & 15]);
            }
        }
        text.append('"');
        return bytes.length > MOST ? text + " (first " + MOST + " of " + bytes.length + " bytes)" : text.toString();
    }
}
