package io.millrace.cli.server;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keys as people read and type them: printable ASCII as it is, a backslash doubled, all else as {@code \xNN}. */
public final class KeyNotation {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private KeyNotation() {}

    public static String of(byte[] key) {
        StringBuilder text = new StringBuilder(key.length);
        for (byte each : key) {
            int b = each & 0xFF;
            if (b == '\\') {
                text.append("\\\\");
            } else if (b >= 0x20 && b < 0x7F) {
                text.append((char) b);
            } else {
                text.append("\\x").append(HEX[b >> 4]).append(HEX[b & 15]);
            }
        }
        return text.toString();
    }

    /** Reads what {@link #of} gives; other characters stand for their UTF-8. */
    public static byte[] parse(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c != '\\') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(c);
            } else if (text.startsWith("\\\\", at)) {
                bytes.write('\\');
                at += 2;
            } else {
                bytes.write(hex(text, at));
                at += 4;
            }
        }
        return bytes.toByteArray();
    }

    private static int hex(String text, int at) {
        if (text.startsWith("\\x", at) && at + 4 <= text.length()) {
            int high = Character.digit(text.charAt(at + 2), 16);
            int low = Character.digit(text.charAt(at + 3), 16);
            if (high >= 0 && low >= 0) {
                return high * 16 + low;
            }
        }
        throw new Failure(
                ExitStatus.USAGE,
                "--key: a backslash is followed by another one, or by x and two hexadecimal digits, such as \\x0a; see"
                        + " 'millrace dirty' for how keys are written.");
    }
}
