package io.millrace.rdb;

import io.millrace.change.Value;
import java.io.IOException;

/**
 * A DUMP payload whose checksum is right, with where its value stands. The array is shared with the caller.
 *
 * @param start of the type byte: above 0 where metadata of modules comes before it (Redis 8.6)
 * @param type as in {@link RdbType}
 * @param rdbVersion of the payload's footer
 */
public record DumpValue(byte[] payload, int start, int type, int rdbVersion) {

    /**
     * Checks the checksum and finds the type.
     *
     * @throws RdbFormatException when the payload is damaged, or has a type that its RDB version does not know
     */
    public static DumpValue of(byte[] payload) throws RdbFormatException {
        int version = DumpPayload.check(payload);
        int start = 0;
        try {
            if ((payload[0] & 0xff) == RdbType.OPCODE_KEY_META) {
                RdbInput metadata = new RdbInput(payload, 1, payload.length - DumpPayload.FOOTER);
                new ValueWalker(new RdbStrings(metadata, Integer.MAX_VALUE)).skipKeyMetadata();
                start = 1 + (int) metadata.position();
            }
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new RdbFormatException("the metadata of a DUMP payload cannot be read: " + e + ".", start, e);
        }
        int type = RdbType.resolve(payload[start] & 0xff, version);
        if (start >= payload.length - DumpPayload.FOOTER || !RdbType.isIn(type, version)) {
            throw new RdbFormatException(
                    "the value type " + (payload[start] & 0xff) + " is not known in version " + version + ".", start);
        }
        return new DumpValue(payload, start, type, version);
    }

    /** Whether only a module understands the value. */
    public boolean isModule() {
        return type == RdbType.MODULE_2;
    }

    /** The nine characters by which a module names its type. */
    String moduleName() throws RdbFormatException {
        try {
            return RdbType.moduleName(
                    new RdbStrings(new RdbInput(payload, start + 1, end()), Integer.MAX_VALUE).number());
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new RdbFormatException("the name of a module's type cannot be read: " + e + ".", start, e);
        }
    }

    /** The first byte after the value. */
    public int end() {
        return payload.length - DumpPayload.FOOTER;
    }

    /**
     * The typed form, by our own readers.
     *
     * @throws RdbFormatException when the value is damaged or is a module's
     */
    public Value decode() throws RdbFormatException {
        try {
            RdbInput in = new RdbInput(payload, start + 1, end());
            ValueCollector collector = new ValueCollector();
            new ElementReader(new RdbStrings(in, Integer.MAX_VALUE), Integer.MAX_VALUE).read(type, collector);
            if (!in.atEnd()) {
                throw new RdbFormatException("a DUMP payload goes on behind its value.", start + 1 + in.position());
            }
            return collector.value(RdbType.name(type));
        } catch (InterruptedException e) {
            throw new IllegalStateException("a collector does not wait", e);
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new RdbFormatException(
                    "a DUMP payload of " + payload.length + " bytes, type " + (payload[start] & 0xff)
                            + ", cannot be decoded: " + e + ".",
                    start,
                    e);
        }
    }

    /** Type and sizes, never the content, which is the user's data. */
    @Override
    public String toString() {
        return "a DUMP payload of " + payload.length + " bytes, type " + type + ", RDB version " + rdbVersion;
    }
}
