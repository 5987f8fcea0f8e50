package io.millrace.source.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The RDB inside the replication stream: {@code $<length>\r\n} and that many bytes from a disk-based master, or
 * {@code $EOF:<40 bytes>\r\n} up to a repetition of these 40 bytes from a diskless one (replication.c,
 * readSyncBulkPayload). Newlines before it are the master's keep-alive while its child writes. Ends exactly where the RDB
 * ends, so that the command stream follows in the same buffer. Owned by the reading thread; closing it closes nothing.
 */
final class SnapshotInput extends InputStream {

    private static final int MARK = 40;

    private final WireBuffer wire;
    /** Bytes still to come, or -1 when the end is marked. */
    private long remaining;

    private byte[] mark;
    /** Horspool's table: how far to move on when the last byte under the window is b. */
    private int[] shift;

    private long delivered;
    private boolean ended;

    private SnapshotInput(WireBuffer wire) {
        this.wire = wire;
    }

    /** Waits for the header, however many newlines precede it. */
    static SnapshotInput open(WireBuffer wire) throws IOException {
        SnapshotInput input = new SnapshotInput(wire);
        input.readHeader();
        return input;
    }

    /** Bytes of the whole RDB, or -1 when a diskless master does not know. */
    long announced() {
        return mark == null ? remaining + delivered : -1;
    }

    boolean ended() {
        return ended;
    }

    private void readHeader() throws IOException {
        byte first;
        do {
            first = next();
        } while (first == '\n');
        if (first == '-') {
            throw new LinkException.NotReady(
                    "The source gave up the snapshot: \"" + line(first) + "\"; see its log, and connect again.");
        }
        if (first != '$') {
            throw malformed("the snapshot begins with " + RespReader.show(first) + " instead of '$'");
        }
        String header = line((byte) 0);
        if (header.startsWith("EOF:")) {
            if (header.length() != 4 + MARK) {
                throw malformed("the end mark of the snapshot has " + (header.length() - 4) + " bytes instead of 40");
            }
            mark = header.substring(4).getBytes(StandardCharsets.ISO_8859_1);
            remaining = -1;
            shift = new int[256];
            Arrays.fill(shift, MARK);
            for (int i = 0; i < MARK - 1; i++) {
                shift[mark[i] & 0xff] = MARK - 1 - i;
            }
        } else {
            remaining = size(header);
            ended = remaining == 0;
        }
    }

    private long size(String digits) throws LinkException {
        boolean number = !digits.isEmpty() && digits.length() <= 18;
        for (int i = 0; i < digits.length() && number; i++) {
            number = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!number) {
            throw malformed("the length of the snapshot is not a number");
        }
        return Long.parseLong(digits);
    }

    /** The rest of a line; a header has at most 45 characters, an error may have more. */
    private String line(byte first) throws IOException {
        StringBuilder text = new StringBuilder();
        if (first != 0) {
            text.append((char) first);
        }
        while (true) {
            byte b = next();
            if (b == '\n') {
                int length = text.length();
                return length > 0 && text.charAt(length - 1) == '\r' ? text.substring(0, length - 1) : text.toString();
            }
            if (text.length() > 512) {
                throw malformed("the header of the snapshot has no end");
            }
            text.append((char) (b & 0xff));
        }
    }

    private byte next() throws IOException {
        if (wire.at == wire.end && !wire.fill()) {
            throw new LinkException.Lost(
                    "The source closed the connection before its snapshot began; see its log, and connect again.",
                    null);
        }
        return wire.bytes[wire.at++];
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        return mark == null ? readCounted(target, offset, length) : readMarked(target, offset, length);
    }

    private int readCounted(byte[] target, int offset, int length) throws IOException {
        int count = wire.pass(target, offset, (int) Math.min(length, remaining));
        if (count < 0) {
            throw cut();
        }
        remaining -= count;
        delivered += count;
        ended = remaining == 0;
        return count;
    }

    /** Delivers what cannot belong to the mark; the last 39 bytes wait until more is known. */
    private int readMarked(byte[] target, int offset, int length) throws IOException {
        while (wire.available() < MARK) {
            if (!wire.fill()) {
                throw cut();
            }
        }
        int from = wire.at;
        int limit = (int) Math.min(wire.end, from + (long) length + MARK);
        int window = from;
        byte[] bytes = wire.bytes;
        while (window + MARK <= limit) {
            if (matches(bytes, window)) {
                if (window == from) {
                    wire.at = from + MARK;
                    ended = true;
                    return -1;
                }
                break;
            }
            window += shift[bytes[window + MARK - 1] & 0xff];
        }
        // A mark can begin at `window` at the earliest, or lies beyond `limit`.
        int count = Math.min(length, Math.min(window, limit) - from);
        System.arraycopy(bytes, from, target, offset, count);
        wire.at = from + count;
        delivered += count;
        return count;
    }

    private boolean matches(byte[] bytes, int at) {
        for (int i = MARK - 1; i >= 0; i--) {
            if (bytes[at + i] != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private LinkException cut() {
        return new LinkException.Lost(
                "The source closed the connection after " + delivered + " bytes of its snapshot"
                        + (mark == null ? ", " + remaining + " before the end" : "")
                        + "; see its log (client-output-buffer-limit, a failed child), and connect again.",
                null);
    }

    private LinkException.Malformed malformed(String what) {
        return new LinkException.Malformed(
                "The replication stream is malformed: " + what + "; reconnect.", wire.taken() - 1);
    }
}
