package io.millrace.source.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Reads the command stream that a master sends: RESP arrays of bulk strings, with the replication offset of every byte.
 *
 * <p>Offsets follow the server's count (replication.c): with replication offset N after a sync, the first byte of the
 * stream is N + 1, and {@link #lastOffset()} of a command is the offset to store once it is applied. A lone newline
 * between commands is a byte of the stream and belongs to no command. Strict: whatever a master does not send is
 * malformed, with its offset. Memory grows with the bytes that have arrived, never with a length that was announced.
 * Owned by one thread; allocates the argument arrays and nothing else.
 */
public final class RespReader {

    /** Up to here an announced bulk is allocated in one piece. */
    private static final int TRUSTED_BULK = 1024 * 1024;

    private static final int TRUSTED_ARGUMENTS = 1024;
    private static final byte[] REPLCONF = "REPLCONF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GETACK = "GETACK".getBytes(StandardCharsets.US_ASCII);

    private final WireBuffer wire;
    private final RespLimits limits;
    private final CommandLimit limit;
    private final LongConsumer onGetAck;
    /** Replication offset of a byte = its number in the wire buffer + this. */
    private final long shift;

    private long first;
    private long last;

    /** @param offset the replication offset before the first byte of {@code in} */
    public RespReader(InputStream in, long offset, RespLimits limits) {
        this(new WireBuffer(in, WireBuffer.DEFAULT_SIZE), offset, limits, null);
    }

    /**
     * @param offset the replication offset before the first byte of {@code in}
     * @param onGetAck told the last offset of a REPLCONF GETACK when it is read
     */
    public RespReader(InputStream in, long offset, RespLimits limits, LongConsumer onGetAck) {
        this(new WireBuffer(in, WireBuffer.DEFAULT_SIZE), offset, limits, onGetAck);
    }

    /** @param onGetAck told the last offset of a REPLCONF GETACK when it is read */
    RespReader(WireBuffer wire, long offset, RespLimits limits, LongConsumer onGetAck) {
        this.wire = wire;
        this.limits = limits;
        this.limit = new CommandLimit(limits.maxCommand());
        this.onGetAck = onGetAck;
        this.shift = offset + 1 - wire.taken();
        this.first = offset + 1;
        this.last = offset;
    }

    /** The offset of the first byte of the last command read. */
    public long firstOffset() {
        return first;
    }

    /** The offset of the last byte of the last command read; before the first command, the offset at the start. */
    public long lastOffset() {
        return last;
    }

    /** The offset of the last byte taken from the stream, newlines included. */
    public long offset() {
        return shift + wire.taken() - 1;
    }

    /** Whether some bytes of a further command have arrived already, so that {@link #next()} may return without waiting. */
    public boolean hasBuffered() throws IOException {
        return wire.hasMore();
    }

    /**
     * The next command's arguments, its name first, or null when the stream ended between two commands.
     *
     * @throws LinkException.Malformed on a byte that a master does not send, or a length beyond the limits
     * @throws LinkException.TooLarge on a command that would take too much memory
     * @throws LinkException.Lost when the stream ended inside a command
     */
    public byte[][] next() throws IOException {
        WireBuffer w = wire;
        while (true) {
            if (w.at == w.end && !w.fill()) {
                return null;
            }
            if (w.bytes[w.at] != '\n') {
                break;
            }
            w.at++;
        }
        first = shift + w.taken();
        byte type = w.bytes[w.at];
        if (type != '*') {
            throw malformed("a command begins with " + show(type) + " instead of '*'", first);
        }
        w.at++;
        int count = length(limits.maxArguments(), "the number of arguments");
        if (count == 0) {
            throw malformed("a command has no arguments", first);
        }
        byte[][] argv = new byte[Math.min(count, TRUSTED_ARGUMENTS)][];
        limit.begin();
        for (int i = 0; i < count; i++) {
            if (i == argv.length) {
                argv = Arrays.copyOf(argv, (int) Math.min(count, argv.length * 2L));
            }
            argv[i] = bulk(argv, i);
        }
        last = shift + w.taken() - 1;
        if (count == 3 && onGetAck != null && isGetAck(argv)) {
            onGetAck.accept(last);
        }
        return argv;
    }

    /** Whether a command of the stream is the master's REPLCONF GETACK. */
    public static boolean isGetAck(byte[][] argv) {
        return argv.length == 3 && equalsIgnoringCase(argv[0], REPLCONF) && equalsIgnoringCase(argv[1], GETACK);
    }

    private static boolean equalsIgnoringCase(byte[] bytes, byte[] upper) {
        if (bytes.length != upper.length) {
            return false;
        }
        for (int i = 0; i < upper.length; i++) {
            if ((bytes[i] & ~0x20) != upper[i]) {
                return false;
            }
        }
        return true;
    }

    private byte[] bulk(byte[][] argv, int index) throws IOException {
        byte type = take();
        if (type != '$') {
            throw malformed("an argument begins with " + show(type) + " instead of '$'", here());
        }
        int length = length(limits.maxBulk(), "the length of an argument");
        limit.add(length, argv, index, first);
        WireBuffer w = wire;
        byte[] value;
        int at = w.at;
        if (w.end - at >= length + 2L) {
            byte[] bytes = w.bytes;
            value = Arrays.copyOfRange(bytes, at, at + length);
            if (bytes[at + length] == '\r' && bytes[at + length + 1] == '\n') {
                w.at = at + length + 2;
                return value;
            }
            w.at = at + length;
        } else {
            value = gather(length);
        }
        expect((byte) '\r');
        expect((byte) '\n');
        return value;
    }

    private byte[] gather(int length) throws IOException {
        byte[] value = new byte[Math.min(length, TRUSTED_BULK)];
        int have = 0;
        while (have < length) {
            if (have == value.length) {
                value = Arrays.copyOf(value, (int) Math.min(length, value.length * 2L));
            }
            int count = wire.take(value, have, value.length - have);
            if (count < 0) {
                throw ended();
            }
            have += count;
        }
        return value;
    }

    /** Decimal digits up to CRLF, as the server writes them: no sign, no leading zero. */
    private int length(int limit, String what) throws IOException {
        WireBuffer w = wire;
        if (w.end - w.at < 16) {
            return lengthByByte(limit, what);
        }
        byte[] bytes = w.bytes;
        int at = w.at;
        int value = bytes[at] - '0';
        if (value < 0 || value > 9) {
            return lengthByByte(limit, what);
        }
        int digit = bytes[++at] - '0';
        while (digit >= 0 && digit <= 9 && value != 0 && value <= 99_999_999) {
            value = value * 10 + digit;
            digit = bytes[++at] - '0';
        }
        if (bytes[at] != '\r' || bytes[at + 1] != '\n' || value > limit) {
            return lengthByByte(limit, what);
        }
        w.at = at + 2;
        return value;
    }

    /** The same near the end of the buffer, and for what is wrong: finds the exact byte to complain about. */
    private int lengthByByte(int limit, String what) throws IOException {
        long start = shift + wire.taken();
        long value = 0;
        int digits = 0;
        while (true) {
            byte b = take();
            if (b == '\r' && digits > 0) {
                break;
            }
            if (b < '0' || b > '9' || (digits == 1 && value == 0)) {
                throw malformed(what + " has " + show(b) + " where a digit or CRLF belongs", here());
            }
            value = value * 10 + (b - '0');
            digits++;
            if (value > limit) {
                throw malformed(
                        what + " is above the limit of " + limit + " (raise it if the source allows more)", start);
            }
        }
        expect((byte) '\n');
        return (int) value;
    }

    private void expect(byte wanted) throws IOException {
        byte b = take();
        if (b != wanted) {
            throw malformed(show(b) + " stands where " + show(wanted) + " belongs", here());
        }
    }

    private byte take() throws IOException {
        WireBuffer w = wire;
        if (w.at == w.end && !w.fill()) {
            throw ended();
        }
        return w.bytes[w.at++];
    }

    /** Offset of the byte taken last. */
    private long here() {
        return shift + wire.taken() - 1;
    }

    private LinkException.Malformed malformed(String what, long offset) {
        return new LinkException.Malformed(
                "The command stream is malformed at replication offset " + offset + ": " + what
                        + "; reconnect, and check what stands between here and the source if it happens again.",
                offset);
    }

    private LinkException.Lost ended() {
        return new LinkException.Lost(
                "The command stream ended at replication offset " + here() + ", inside the command that begins at "
                        + first + "; reconnect and continue from the last complete command.",
                null);
    }

    static String show(byte b) {
        return b > ' ' && b < 0x7f ? "'" + (char) b + "'" : String.format("0x%02x", b);
    }
}
