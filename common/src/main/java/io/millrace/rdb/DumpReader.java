package io.millrace.rdb;

import io.millrace.change.Expiry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Reads a key's DUMP payload as if it stood in an RDB of its version: whole, or in parts where the limits ask for them. */
public final class DumpReader {

    private static final int LENGTH_32_BITS = 0x80;

    private DumpReader() {}

    /**
     * Visits the one key; {@link RdbVisitor#header} comes before it and {@link RdbVisitor#end} after it.
     *
     * @param expireAt in milliseconds since the epoch, or {@link Expiry#NONE}
     * @throws RdbFormatException when the payload is damaged or has something unknown
     */
    public static void read(int db, byte[] key, long expireAt, byte[] payload, RdbLimits limits, RdbVisitor visitor)
            throws IOException, InterruptedException {
        int version = DumpPayload.check(payload);
        int end = payload.length - DumpPayload.FOOTER;
        int type = 0;
        if ((payload[0] & 0xff) == RdbType.OPCODE_KEY_META) {
            RdbInput metadata = new RdbInput(payload, 1, end);
            new ValueWalker(new RdbStrings(metadata, Integer.MAX_VALUE)).skipKeyMetadata();
            type = 1 + (int) metadata.position();
        }
        if (type >= end || (payload[type] & 0xff) >= RdbType.OPCODE_KEY_META) {
            throw new RdbFormatException("a DUMP payload has no value.", type);
        }
        List<InputStream> rdb = List.of(
                new ByteArrayInputStream(before(version, db, expireAt)),
                new ByteArrayInputStream(payload, 0, type + 1),
                new ByteArrayInputStream(name(key)),
                new ByteArrayInputStream(payload, type + 1, end - type - 1),
                new ByteArrayInputStream(after()));
        RdbReader.read(new SequenceInputStream(Collections.enumeration(rdb)), limits, visitor);
    }

    private static byte[] before(int version, int db, long expireAt) {
        String magic = version >= RdbType.VALKEY_FIRST_VERSION
                ? String.format("VALKEY%03d", version)
                : String.format("REDIS%04d", version);
        ByteBuffer out = ByteBuffer.allocate(magic.length() + 6 + 9);
        out.put(magic.getBytes(StandardCharsets.US_ASCII));
        out.put((byte) RdbType.OPCODE_SELECTDB).put((byte) LENGTH_32_BITS).putInt(db);
        if (expireAt == Expiry.NONE) {
            return Arrays.copyOf(out.array(), out.position());
        }
        out.put((byte) RdbType.OPCODE_EXPIRETIME_MS)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(expireAt);
        return out.array();
    }

    private static byte[] name(byte[] key) {
        return ByteBuffer.allocate(5 + key.length)
                .put((byte) LENGTH_32_BITS)
                .putInt(key.length)
                .put(key)
                .array();
    }

    /** No checksum: the payload's own is checked. */
    private static byte[] after() {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) RdbType.OPCODE_EOF)
                .array();
    }
}
