package io.millrace.source.assemble;

import io.millrace.change.Change;
import io.millrace.change.Holdings;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.rdb.DumpReader;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbVisitor;
import io.millrace.slot.SlotSet;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Makes changes of what a scan reads: the same marks and entries as a snapshot by replication has, all at offset 0, and
 * between them marks that say how far the scan is, from which it can go on after a restart.
 *
 * <p>Owned by the reading thread.
 */
public final class ScanAssembler implements RdbVisitor {

    /** The detail of a mark that holds the cursor to go on from. */
    public static final String CURSOR = "cursor";

    private static final String EPOCH = "epoch";
    private static final long OFFSET = 0;

    private final LongFunction<Origin> origins;
    private final EntryWriter entries;
    private final ChangeOutput out;
    private Origin origin;
    private long keys;
    private long changes;
    private int rdbVersion;

    /** @param origins the origin of what is read now; its argument counts the keys so far */
    public ScanAssembler(LongFunction<Origin> origins, EntryWriter entries, ChangeOutput out) {
        this.origins = origins;
        this.entries = entries;
        this.out = out;
    }

    /** Keys since it was made. */
    public long keys() {
        return keys;
    }

    /** Changes since it was made, marks included. */
    public long changes() {
        return changes;
    }

    /** Whether the name is one that is never captured. */
    public static boolean isReserved(byte[] key) {
        return ReservedKeys.contains(key);
    }

    /** A key as messages show it. */
    public static String shown(byte[] key) {
        return KeyText.of(key);
    }

    /**
     * A scan begins.
     *
     * @param announced keys, or below 0 when not known
     * @param slots that it claims; null where the source is no cluster
     */
    public void begin(long announced, String reason, Map<String, String> more, SlotSet slots, long epoch)
            throws InterruptedException {
        Map<String, String> details = new LinkedHashMap<>(more);
        details.put("method", "scan");
        details.put("reason", reason);
        if (announced >= 0) {
            details.put("keys", Long.toString(announced));
        }
        if (slots != null) {
            details.put(EPOCH, Long.toString(epoch));
        }
        mark(0, Mark.Meaning.SNAPSHOT_BEGIN, details, slots);
    }

    /** Claims slots that belong to another master than the others of the scan. */
    public void claim(SlotSet slots, long epoch, Holdings holdings) throws InterruptedException {
        Map<String, String> details = new LinkedHashMap<>(holdings.toMap());
        details.put(EPOCH, Long.toString(epoch));
        mark(0, Mark.Meaning.TOPOLOGY, details, slots);
    }

    /** A value as DUMP gave it; larger ones are taken apart. */
    public void dumped(int db, byte[] key, long expireAt, byte[] payload) throws IOException, InterruptedException {
        DumpReader.read(db, key, expireAt, payload, entries.limits(), this);
    }

    @Override
    public void header(int version, boolean valkey) {
        rdbVersion = version;
    }

    @Override
    public void entry(RdbKey key, byte[] payload) throws IOException, InterruptedException {
        next(true);
        emit(entries.whole(origin, OFFSET, key, payload, rdbVersion));
    }

    /** A part; one that is alone is a whole value in typed form. */
    @Override
    public void part(RdbKey key, Value value, Part part) throws IOException, InterruptedException {
        next(part.last());
        boolean whole = part.index() == 0 && part.last();
        emit(entries.part(origin, OFFSET, key, value, whole ? null : part));
    }

    @Override
    public void function(byte[] code) throws IOException, InterruptedException {
        next(false);
        emit(entries.function(origin, OFFSET, code));
    }

    /** Everything before this place is published. @param holdings null where the source is no cluster */
    public void passed(int db, String cursor, Holdings holdings) throws InterruptedException {
        Map<String, String> details = new LinkedHashMap<>(Map.of(CURSOR, cursor));
        if (holdings != null) {
            details.putAll(holdings.toMap());
        }
        mark(db, Mark.Meaning.HEARTBEAT, details, null);
    }

    /** The scan is complete. @param allKeys below 0 when the number is not known, as the scan was interrupted */
    public void complete(long allKeys) throws InterruptedException {
        Map<String, String> details = new LinkedHashMap<>(Map.of("method", "scan"));
        if (allKeys >= 0) {
            details.put("keys", Long.toString(allKeys));
        }
        mark(0, Mark.Meaning.SNAPSHOT_END, details, null);
    }

    private void mark(int db, Mark.Meaning meaning, Map<String, String> details, SlotSet slots)
            throws InterruptedException {
        next(false);
        emit(new Mark(origin, db, OFFSET, meaning, details, slots));
    }

    private void next(boolean isKey) {
        origin = origins.apply(keys);
        if (isKey) {
            keys++;
        }
    }

    private void emit(Change change) throws InterruptedException {
        changes++;
        out.accept(change);
    }
}
