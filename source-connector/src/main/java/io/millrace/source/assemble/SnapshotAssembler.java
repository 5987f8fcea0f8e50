package io.millrace.source.assemble;

import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.rdb.RdbKey;
import io.millrace.rdb.RdbVisitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Makes changes of an RDB: a mark at its begin, an entry for every key and function library, a mark at its end, all at the
 * offset that the RDB stands for. Keys whose expiry has passed are kept, with that expiry: what is expired is for the
 * destination to judge, by its own clock.
 *
 * <p>Owned by the parser's thread; the counters may be read by any thread.
 */
public final class SnapshotAssembler implements RdbVisitor {

    /** What is known of a snapshot before it comes. A number below 0 is not known. */
    public record Announcement(long keys, long bytes, String reason) {}

    /** Hears of slots that the server is about to take over from another: what comes of them may be thrown away again. */
    @FunctionalInterface
    public interface Imports {
        /** @param task {@code id:source:destination:operation:state:slots}, as Redis writes it */
        void task(String task);
    }

    private final LongFunction<Origin> origins;
    private final long offset;
    private final EntryWriter entries;
    private final Announcement announced;
    private final Imports imports;
    private final ChangeOutput out;
    private final Map<String, String> details = new LinkedHashMap<>();

    private int rdbVersion;
    private boolean begun;
    private Origin origin;
    private volatile long keys;

    /**
     * Prepares for one RDB.
     *
     * @param origins the origin of what is read now; its argument counts the keys so far
     * @param offset the replication offset that the RDB stands for
     */
    public SnapshotAssembler(
            LongFunction<Origin> origins, long offset, EntryWriter entries, Announcement announced, ChangeOutput out) {
        this(origins, offset, entries, announced, task -> {}, out);
    }

    /** As above, for a node of a cluster. */
    public SnapshotAssembler(
            LongFunction<Origin> origins,
            long offset,
            EntryWriter entries,
            Announcement announced,
            Imports imports,
            ChangeOutput out) {
        this.imports = imports;
        this.origins = origins;
        this.offset = offset;
        this.entries = entries;
        this.announced = announced;
        this.out = out;
    }

    /** Keys read so far. Any thread. */
    public long keys() {
        return keys;
    }

    @Override
    public void header(int version, boolean valkey) {
        rdbVersion = version;
        details.put("rdbVersion", Integer.toString(version));
    }

    @Override
    public void aux(byte[] name, byte[] value) {
        String field = new String(name, StandardCharsets.ISO_8859_1);
        if (field.equals("redis-ver") || field.equals("valkey-ver")) {
            details.put("sourceProduct", field.substring(0, field.indexOf('-')));
            details.put("sourceVersion", new String(value, StandardCharsets.UTF_8));
        } else if (field.equals("cluster-asm-task")) {
            imports.task(new String(value, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void slotImport(byte[] name, String ranges) {
        String id = new String(name, StandardCharsets.UTF_8);
        imports.task(id + ":::import:snapshot:" + ranges);
    }

    @Override
    public void entry(RdbKey key, byte[] payload) throws IOException, InterruptedException {
        next(true);
        if (ReservedKeys.contains(key.key())) {
            return;
        }
        out.accept(entries.whole(origin, offset, key, payload, rdbVersion));
    }

    @Override
    public void part(RdbKey key, Value value, Part part) throws IOException, InterruptedException {
        next(part.last());
        if (!ReservedKeys.contains(key.key())) {
            out.accept(entries.part(origin, offset, key, value, part));
        }
    }

    @Override
    public void function(byte[] code) throws IOException, InterruptedException {
        next(false);
        out.accept(entries.function(origin, offset, code));
    }

    @Override
    public void end(boolean checksummed) throws InterruptedException {
        next(false);
        out.accept(new Mark(
                origin,
                0,
                offset,
                Mark.Meaning.SNAPSHOT_END,
                Map.of("keys", Long.toString(keys), "crc", checksummed ? "ok" : "off")));
    }

    /** Before each item: the mark at the begin is held back until the RDB has said what there is to know of it. */
    private void next(boolean isKey) throws InterruptedException {
        origin = origins.apply(keys);
        if (!begun) {
            begun = true;
            put("keys", announced.keys());
            put("bytes", announced.bytes());
            details.put("reason", announced.reason());
            out.accept(new Mark(origin, 0, offset, Mark.Meaning.SNAPSHOT_BEGIN, details));
        }
        if (isKey) {
            count();
        }
    }

    /** Written by one thread alone. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count() {
        keys++;
    }

    private void put(String name, long figure) {
        if (figure >= 0) {
            details.put(name, Long.toString(figure));
        }
    }
}
