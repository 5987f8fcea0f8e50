package io.millrace.source.link;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Encodes the few commands that a replica sends. */
final class RespWriter {

    private RespWriter() {}

    static byte[] command(byte[][] argv) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        header(out, '*', argv.length);
        for (byte[] argument : argv) {
            header(out, '$', argument.length);
            out.write(argument, 0, argument.length);
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    /** {@code REPLCONF ACK <offset>}. */
    static byte[] ack(long offset) {
        return command(new byte[][] {ascii("REPLCONF"), ascii("ACK"), ascii(Long.toString(offset))});
    }

    private static void header(ByteArrayOutputStream out, char type, int value) {
        byte[] text = ascii(type + Integer.toString(value) + "\r\n");
        out.write(text, 0, text.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
