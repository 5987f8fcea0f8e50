package io.millrace.source.assemble;

import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbLimits;
import java.io.IOException;

/** Makes snapshot entries in the chosen form. Owned by the parser's thread. */
public final class EntryWriter {

    /** Decodes a DUMP payload; null for a type that has no typed form. */
    @FunctionalInterface
    public interface Decoder {
        Value decode(RdbKey key, byte[] payload) throws IOException;
    }

    /** A typed value can take some times the bytes of its payload: small numbers become text, elements get lengths. */
    private static final int TYPED_EXPANSION = 4;

    private final EntryFormat format;
    private final Decoder decoder;
    private final int recordBytes;

    /** @param recordBytes the setting record.max.bytes */
    public EntryWriter(EntryFormat format, Decoder decoder, int recordBytes) {
        this.format = format;
        this.decoder = decoder;
        this.recordBytes = recordBytes;
    }

    /** Whole values must fit into a record in the chosen form, and so must parts. */
    public RdbLimits limits() {
        int record = recordBytes - 4096;
        boolean typed = format != EntryFormat.DUMP;
        return new RdbLimits(typed ? record / TYPED_EXPANSION : record, record / 2, typed, RdbLimits.DEFAULT.string());
    }

    /** The entry of a whole value. */
    SnapshotEntry whole(Origin origin, long offset, RdbKey key, byte[] payload, int rdbVersion) throws IOException {
        Value value = format == EntryFormat.DUMP ? null : decoder.decode(key, payload);
        byte[] dump = format == EntryFormat.TYPED && value != null ? null : payload;
        return entry(origin, offset, key, dump, dump == null ? 0 : rdbVersion, value, null);
    }

    SnapshotEntry part(Origin origin, long offset, RdbKey key, Value value, Part part) throws IOException {
        return entry(origin, offset, key, null, 0, value, part);
    }

    SnapshotEntry function(Origin origin, long offset, byte[] code) throws IOException {
        RdbKey library =
                new RdbKey(0, null, SnapshotEntry.FUNCTION, Expiry.NONE, SnapshotEntry.UNKNOWN, SnapshotEntry.UNKNOWN);
        return entry(origin, offset, library, null, 0, new Value.StringValue(code), null);
    }

    private SnapshotEntry entry(
            Origin origin, long offset, RdbKey key, byte[] payload, int rdbVersion, Value value, Part part)
            throws TooLargeException {
        SnapshotEntry entry = new SnapshotEntry(
                origin,
                key.db(),
                offset,
                key.key(),
                key.type(),
                payload,
                rdbVersion,
                value,
                key.expireAt(),
                part,
                key.idle(),
                key.frequency());
        long bytes = ChangeSize.of(entry);
        if (bytes > recordBytes) {
            throw new TooLargeException("The snapshot's entry", key.key(), bytes, recordBytes, offset);
        }
        return entry;
    }
}
