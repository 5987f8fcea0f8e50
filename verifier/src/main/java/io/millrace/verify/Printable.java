package io.millrace.verify;

import java.nio.charset.StandardCharsets;

/** Bytes as one line of ASCII in double quotes, written so that they can be read back: {@code "a\x00\"\\\n"}. */
final class Printable {
    private static final int EXCERPT = 40;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Printable() {}

    static String of(byte[] bytes) {
        return quote(bytes, bytes.length);
    }

    /** The beginning of a value that may be long. */
    static String excerpt(byte[] bytes) {
        return bytes.length <= EXCERPT ? of(bytes) : quote(bytes, EXCERPT) + "…(" + bytes.length + " bytes)";
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String quote(byte[] bytes, int length) {
        StringBuilder out = new StringBuilder(length + 2).append('"');
        for (int i = 0; i < length; i++) {
            int b = bytes[i] & 0xff;
            switch (b) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (b >= ' ' && b < 0x7f) {
                        out.append((char) b);
                    } else {
                        out.append("\\x").append(HEX[b >> 4]).append(HEX[b & 15]);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
