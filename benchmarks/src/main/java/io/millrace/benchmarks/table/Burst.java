package io.millrace.benchmarks.table;

import io.millrace.redis.local.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes SETs of 100 bytes to keys of their own over some connections, 32 to a write, as fast as the source takes them. */
final class Burst {
    private static final int PIPELINE = 32;
    private static final int CONNECTIONS = 4;
    private static final int DIGITS = 9;
    private static final byte[] OK = "+OK\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEAD = "*3\r\n$3\r\nSET\r\n$15\r\nburst:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = ("\r\n$100\r\n" + "b".repeat(100) + "\r\n").getBytes(StandardCharsets.US_ASCII);

    private Burst() {}

    /** Returns when all of them are answered. */
    static void write(LocalServer source, int commands) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket socket = new Socket(LocalServer.HOST, source.port());
                sockets.add(socket);
                socket.setTcpNoDelay(true);
            }
            byte[] replies = new byte[PIPELINE * OK.length];
            for (int next = 0; next < commands; ) {
                int sent = 0;
                for (int i = 0; i < CONNECTIONS && next < commands; i++) {
                    int count = Math.min(PIPELINE, commands - next);
                    OutputStream out = sockets.get(i).getOutputStream();
                    out.write(chunk(next, count));
                    next += count;
                    sent = i + 1;
                }
                for (int i = 0; i < sent; i++) {
                    // Only the last connection of all may have less to read.
                    int last = next == commands && i == sent - 1 ? (commands - 1) % PIPELINE + 1 : PIPELINE;
                    new DataInputStream(sockets.get(i).getInputStream()).readFully(replies, 0, last * OK.length);
                    if (replies[0] != OK[0]) {
                        throw new BenchmarkFailure("The source has refused a SET of the burst: "
                                + new String(replies, StandardCharsets.UTF_8)
                                        .lines()
                                        .findFirst()
                                        .orElse(""));
                    }
                }
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    static byte[] chunk(int first, int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(count * (HEAD.length + DIGITS + TAIL.length));
        byte[] digits = new byte[DIGITS];
        for (int i = 0; i < count; i++) {
            int number = first + i;
            for (int at = DIGITS - 1; at >= 0; at--) {
                digits[at] = (byte) ('0' + number % 10);
                number /= 10;
            }
            out.writeBytes(HEAD);
            out.writeBytes(digits);
            out.writeBytes(TAIL);
        }
        return out.toByteArray();
    }
}
