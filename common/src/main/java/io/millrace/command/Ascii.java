package io.millrace.command;

import java.nio.charset.StandardCharsets;

/** Bytes of the protocol as ASCII, compared without regard to case and without allocation. */
final class Ascii {

    private Ascii() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static int upper(byte b) {
        return b >= 'a' && b <= 'z' ? b - 32 : b;
    }

    /** @param upperCase the word to compare with, in upper case */
    static boolean equalsIgnoreCase(byte[] bytes, byte[] upperCase) {
        if (bytes.length != upperCase.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (upper(bytes[i]) != upperCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** The non-negative decimal number, or -1 when it is none or has more than 18 digits. */
    static long number(byte[] digits) {
        if (digits.length == 0 || digits.length > 18) {
            return -1;
        }
        long value = 0;
        for (byte b : digits) {
            if (b < '0' || b > '9') {
                return -1;
            }
            value = value * 10 + (b - '0');
        }
        return value;
    }
}
