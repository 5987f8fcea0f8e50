package io.millrace.rdb;

import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.change.Value.PendingEntry;
import io.millrace.change.Value.StreamConsumer;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream: listpacks of entries that are stored as differences from the first of each (t_stream.c), then what the
 * stream is besides its entries. Versions 1 to 4 are the RDB types STREAM_LISTPACKS to STREAM_LISTPACKS_4. What version 4
 * remembers of idempotent producers is passed over: a command cannot restore it.
 */
final class StreamReader {

    private static final int DELETED = 1;
    private static final int SAME_FIELDS = 2;

    private final RdbStrings strings;
    private final RdbInput in;
    private final int version;
    private StreamId first = StreamId.ZERO;
    private boolean any;
    private long length;
    private long producers;

    StreamReader(RdbStrings strings, int version) {
        this.strings = strings;
        this.in = strings.input();
        this.version = version;
    }

    void read(ValueSink sink) throws IOException, InterruptedException {
        for (long left = strings.count(); left > 0; left--) {
            byte[] master = strings.take();
            if (master.length != 16) {
                throw strings.broken("a stream node's id has " + master.length + " bytes instead of 16");
            }
            byte[] listpack = strings.take();
            entries(id(master), new ListpackReader(listpack, in.position()), sink);
        }
        length = strings.number();
        sink.streamState(state());
    }

    /** What stands behind the entries and their number. */
    StreamState state() throws IOException {
        StreamId last = idAsNumbers();
        StreamId firstId = version >= 2 ? idAsNumbers() : first;
        StreamId maxDeleted = version >= 2 ? idAsNumbers() : StreamId.ZERO;
        long added = version >= 2 ? strings.number() : length;
        List<StreamGroup> groups = new ArrayList<>();
        for (long left = strings.count(); left > 0; left--) {
            groups.add(group());
        }
        producers = version >= 4 ? new ValueWalker(strings).skipProducers() : 0;
        return new StreamState(last, firstId, maxDeleted, added, groups);
    }

    /** How many idempotent producers the stream remembers, after {@link #state}. */
    long producers() {
        return producers;
    }

    private void entries(StreamId master, ListpackReader pack, ValueSink sink)
            throws IOException, InterruptedException {
        pack.nextLong();
        pack.nextLong();
        long fields = pack.nextLong();
        List<byte[]> names = new ArrayList<>();
        for (long i = 0; i < fields; i++) {
            names.add(pack.next());
        }
        pack.nextLong();
        while (!pack.atEnd()) {
            entry(master, names, pack, sink);
        }
    }

    private void entry(StreamId master, List<byte[]> names, ListpackReader pack, ValueSink sink)
            throws IOException, InterruptedException {
        long flags = pack.nextLong();
        StreamId id = new StreamId(master.millis() + pack.nextLong(), master.sequence() + pack.nextLong());
        List<byte[]> fields = new ArrayList<>();
        if ((flags & SAME_FIELDS) != 0) {
            for (byte[] name : names) {
                fields.add(name);
                fields.add(pack.next());
            }
        } else {
            for (long left = pack.nextLong(); left > 0; left--) {
                fields.add(pack.next());
                fields.add(pack.next());
            }
        }
        pack.nextLong();
        if ((flags & DELETED) == 0) {
            if (!any) {
                first = id;
                any = true;
            }
            sink.streamEntry(id, fields);
        }
    }

    private StreamGroup group() throws IOException {
        byte[] name = strings.take();
        StreamId delivered = idAsNumbers();
        long read = version >= 2 ? strings.number() : Value.UNKNOWN;
        Map<StreamId, long[]> times = new LinkedHashMap<>();
        for (long left = strings.count(); left > 0; left--) {
            StreamId id = idAsBytes();
            times.put(id, new long[] {in.longLittleEndian(), strings.number()});
        }
        List<PendingEntry> pending = new ArrayList<>();
        List<StreamConsumer> consumers = new ArrayList<>();
        for (long left = strings.count(); left > 0; left--) {
            byte[] consumer = strings.take();
            long seen = in.longLittleEndian();
            long active = version >= 3 ? in.longLittleEndian() : Value.UNKNOWN;
            consumers.add(new StreamConsumer(consumer, seen, active));
            for (long own = strings.count(); own > 0; own--) {
                StreamId id = idAsBytes();
                long[] time = times.remove(id);
                if (time == null) {
                    throw strings.broken("a consumer has the pending entry " + id + ", which its group does not have");
                }
                pending.add(new PendingEntry(id, consumer, time[0], time[1]));
            }
        }
        if (!times.isEmpty()) {
            throw strings.broken(
                    "a group has the pending entry " + times.keySet().iterator().next() + ", which no consumer has");
        }
        return new StreamGroup(name, delivered, read, pending, consumers);
    }

    private StreamId idAsNumbers() throws IOException {
        long millis = strings.number();
        return new StreamId(millis, strings.number());
    }

    private StreamId idAsBytes() throws IOException {
        long millis = in.longBigEndian();
        return new StreamId(millis, in.longBigEndian());
    }

    private static StreamId id(byte[] bytes) {
        RdbInput id = new RdbInput(bytes, 0, bytes.length);
        try {
            return new StreamId(id.longBigEndian(), id.longBigEndian());
        } catch (IOException e) {
            throw new IllegalStateException("sixteen bytes are there", e);
        }
    }
}
