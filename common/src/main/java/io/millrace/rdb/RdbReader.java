package io.millrace.rdb;

import io.millrace.change.Expiry;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads an RDB of version 6 to 13, or Valkey's 80, from any stream: a replica's snapshot or a file (rdb.c, rdbLoadRio).
 *
 * <p>Every byte is accounted for: an opcode or a type that is not known ends the reading, and so does a wrong checksum,
 * content beyond the end, or an end before the end mark. Memory is bounded by the limits, by one element of a plain
 * collection, by one compact piece (listpack, ziplist, intset), by a stream's groups, and by a module's value, never by a
 * length that is only announced.
 */
public final class RdbReader {

    private static final int OLDEST = 6;
    private static final int NEWEST_REDIS = 13;
    private static final byte[] NOTHING = {};

    private final RdbInput in;
    private final RdbStrings strings;
    private final ValueWalker walker;
    private final RdbLimits limits;
    private final RdbVisitor visitor;

    private int version;
    private int db;
    private long expireAt = Expiry.NONE;
    private long idle = -1;
    private int frequency = -1;
    private byte[] metadata = NOTHING;

    private RdbReader(InputStream stream, RdbLimits limits, RdbVisitor visitor) {
        this.in = new RdbInput(stream);
        this.strings = new RdbStrings(in, limits.string());
        this.walker = new ValueWalker(strings);
        this.limits = limits;
        this.visitor = visitor;
    }

    /**
     * Reads to the end of the stream, which must be the end of the RDB.
     *
     * @throws RdbFormatException naming the position, and the key, when the RDB is damaged or has something unknown;
     *     what was visited before is then worth nothing
     */
    public static void read(InputStream stream, RdbLimits limits, RdbVisitor visitor)
            throws IOException, InterruptedException {
        new RdbReader(stream, limits, visitor).read();
    }

    private void read() throws IOException, InterruptedException {
        readHeader();
        boolean more = true;
        while (more) {
            int opcode = in.unsigned();
            if (opcode < RdbType.OPCODE_KEY_META) {
                readEntry(opcode);
            } else {
                more = readOpcode(opcode);
            }
        }
        readChecksum();
    }

    private void readHeader() throws IOException, InterruptedException {
        byte[] magic = in.take(9);
        boolean valkey = startsWith(magic, "VALKEY");
        if (!valkey && !startsWith(magic, "REDIS")) {
            throw new RdbFormatException("it begins with neither REDIS nor VALKEY.", 0);
        }
        for (int i = valkey ? 6 : 5; i < 9; i++) {
            if (magic[i] < '0' || magic[i] > '9') {
                throw new RdbFormatException("its version is not a number.", i);
            }
            version = version * 10 + (magic[i] - '0');
        }
        if (valkey ? version != RdbType.VALKEY_FIRST_VERSION : version < OLDEST || version > NEWEST_REDIS) {
            throw new RdbFormatException(
                    "it has " + (valkey ? "Valkey's " : "") + "version " + version
                            + "; this version of Millrace reads 6 to 13, and 80 of Valkey: look for a newer one.",
                    5);
        }
        visitor.header(version, valkey);
    }

    private boolean readOpcode(int opcode) throws IOException, InterruptedException {
        switch (opcode) {
            case RdbType.OPCODE_EOF -> {
                return false;
            }
            case RdbType.OPCODE_SELECTDB -> db = strings.smallNumber("the database");
            case RdbType.OPCODE_EXPIRETIME -> expireAt = 1000L * Integer.reverseBytes(in.intBigEndian());
            case RdbType.OPCODE_EXPIRETIME_MS -> expireAt = in.longLittleEndian();
            case RdbType.OPCODE_IDLE -> idle = strings.number();
            case RdbType.OPCODE_FREQ -> frequency = in.unsigned();
            case RdbType.OPCODE_RESIZEDB -> visitor.sizes(db, strings.count(), strings.count());
            case RdbType.OPCODE_AUX -> visitor.aux(strings.take(), strings.take());
            case RdbType.OPCODE_MODULE_AUX -> readModuleAux();
            case RdbType.OPCODE_FUNCTION2 -> visitor.function(strings.take());
            case RdbType.OPCODE_FUNCTION_PRE_GA ->
                throw strings.broken(
                        "it has a function in the form of a 7.0 release candidate; delete it at the source and load it anew");
            case RdbType.OPCODE_SLOT_INFO -> {
                strings.number();
                strings.number();
                strings.number();
            }
            case RdbType.OPCODE_KEY_META -> readKeyMetadataOrSlotImport();
            default -> throw strings.broken("the opcode " + opcode + " is not known in version " + version);
        }
        return true;
    }

    /** The number 243 has two meanings. */
    private void readKeyMetadataOrSlotImport() throws IOException, InterruptedException {
        if (version >= RdbType.VALKEY_FIRST_VERSION) {
            byte[] name = strings.take();
            StringBuilder slots = new StringBuilder();
            for (long ranges = strings.count(); ranges > 0; ranges--) {
                slots.append(strings.number())
                        .append('-')
                        .append(strings.number())
                        .append(' ');
            }
            visitor.slotImport(name, slots.toString().strip());
        } else if (version >= 13) {
            in.mark(Integer.MAX_VALUE, false);
            walker.skipKeyMetadata();
            metadata = new byte[1 + in.marked()];
            metadata[0] = (byte) RdbType.OPCODE_KEY_META;
            in.copyMarked(metadata, 1);
            in.unmark();
        } else {
            throw strings.broken("the opcode 243 is not known in version " + version);
        }
    }

    private void readModuleAux() throws IOException, InterruptedException {
        long start = in.position();
        String module = RdbType.moduleName(strings.number());
        strings.number();
        strings.number();
        walker.skipModule();
        visitor.moduleAux(module, in.position() - start);
    }

    private void readEntry(int typeByte) throws IOException, InterruptedException {
        long start = in.position() - 1;
        byte[] key = strings.take();
        int type = RdbType.resolve(typeByte, version);
        if (!RdbType.isIn(type, version)) {
            throw new RdbFormatException(
                    "the key " + KeyText.of(key) + " in database " + db + " has the value type " + typeByte
                            + ", which is not known in version " + version + ".",
                    start);
        }
        try {
            if (type == RdbType.MODULE_2) {
                readModule(key);
            } else {
                readValue(key, type, typeByte);
            }
        } catch (RdbFormatException e) {
            throw new RdbFormatException(
                    e.reason() + " It is in the value, of type " + typeByte + ", of the key " + KeyText.of(key)
                            + " in database " + db + ", which begins at byte " + start + ".",
                    e.position(),
                    e);
        }
        expireAt = Expiry.NONE;
        idle = -1;
        frequency = -1;
        metadata = NOTHING;
    }

    private void readValue(byte[] key, int type, int typeByte) throws IOException, InterruptedException {
        RdbKey entry = new RdbKey(db, key, RdbType.name(type), expireAt, idle, frequency);
        in.mark(room(), limits.boundExpanded());
        boolean whole = walk(type);
        if (whole) {
            visitor.entry(entry, payload(typeByte));
            return;
        }
        if (metadata.length > 0) {
            throw strings.broken("a value above the payload limit of " + limits.payload()
                    + " bytes has metadata of a module, which parts cannot carry; raise the limit");
        }
        PartWriter parts = new PartWriter(entry, visitor, limits.part());
        new ElementReader(strings, limits.part()).read(type, parts);
        parts.finish();
    }

    /** Whatever its size: only its module could take it apart. */
    private void readModule(byte[] key) throws IOException, InterruptedException {
        in.mark(Integer.MAX_VALUE, false);
        String module = RdbType.moduleName(strings.number());
        walker.skipModule();
        visitor.entry(new RdbKey(db, key, module, expireAt, idle, frequency), payload(RdbType.MODULE_2));
    }

    /** False, and back at the mark, when the value exceeds the limit of a payload. */
    private boolean walk(int type) throws IOException {
        try {
            walker.skip(type);
            if (in.isWithinLimit()) {
                return true;
            }
        } catch (ValueTooLarge e) {
            in.rewind();
            return false;
        }
        in.rewind();
        return false;
    }

    private byte[] payload(int typeByte) {
        int before = metadata.length + 1;
        int length = in.marked();
        byte[] payload = new byte[before + length + DumpPayload.FOOTER];
        System.arraycopy(metadata, 0, payload, 0, metadata.length);
        payload[before - 1] = (byte) typeByte;
        in.copyMarked(payload, before);
        in.unmark();
        DumpPayload.seal(payload, version);
        return payload;
    }

    /** Bytes that a value may have in a payload. */
    private int room() {
        return Math.max(0, limits.payload() - metadata.length - 1 - DumpPayload.FOOTER);
    }

    private void readChecksum() throws IOException, InterruptedException {
        long computed = in.checksum();
        long position = in.position();
        long stored = in.longLittleEndian();
        if (stored != 0 && stored != computed) {
            throw new RdbFormatException(
                    "its checksum is " + Long.toHexString(computed) + " and should be " + Long.toHexString(stored)
                            + ": it was damaged on its way; take it again.",
                    position);
        }
        if (!in.atEnd()) {
            throw strings.broken("it goes on behind its end mark");
        }
        visitor.end(stored != 0);
    }

    private static boolean startsWith(byte[] bytes, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
