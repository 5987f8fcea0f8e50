package io.millrace.source.scan;

import static io.millrace.source.scan.ScannedServer.ascii;
import static io.millrace.source.scan.ScannedServer.text;

import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.change.Value.PendingEntry;
import io.millrace.change.Value.StreamConsumer;
import io.millrace.change.Value.StreamEntry;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import io.millrace.change.Value.StreamValue;
import io.millrace.rdb.PartWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a stream: entries by XRANGE, then its state by XINFO, and what groups have not acknowledged by XPENDING. Times are
 * right to within the time that a request takes, as the server gives them as ages. One thread.
 */
final class StreamPieces {

    private static final int ENTRIES = 256;
    private static final byte[] MORE = ascii(Integer.toString(ENTRIES));
    private static final byte[] XINFO = ascii("XINFO");
    private static final byte[] END = ascii("+");

    private final ScannedServer server;
    private final byte[] key;

    StreamPieces(ScannedServer server, byte[] key) {
        this.server = server;
        this.key = key;
    }

    /** @param after null for the first entries */
    static byte[][] range(byte[] key, StreamId after) {
        byte[] from = after == null ? ascii("-") : ascii(next(after).toString());
        return new byte[][] {ascii("XRANGE"), key, from, END, ascii("COUNT"), MORE};
    }

    private static StreamId next(StreamId id) {
        return id.sequence() == -1 ? new StreamId(id.millis() + 1, 0) : new StreamId(id.millis(), id.sequence() + 1);
    }

    /**
     * The stream in one, where it is small enough: only then can a sink bring back what is pending and was deleted.
     *
     * @return null where it is not
     */
    StreamValue whole(Object first, int mostBytes) {
        List<?> page = (List<?>) first;
        if (page.size() == ENTRIES) {
            return null;
        }
        List<StreamEntry> entries = new ArrayList<>();
        long bytes = 0;
        for (Object one : page) {
            StreamEntry entry = entry(one);
            entries.add(entry);
            for (byte[] field : entry.fields()) {
                bytes += field.length + 8;
            }
        }
        if (bytes > mostBytes) {
            return null;
        }
        return new StreamValue(
                entries,
                state(entries.isEmpty() ? StreamId.ZERO : entries.get(0).id(), entries.size()));
    }

    private static StreamEntry entry(Object reply) {
        List<?> entry = (List<?>) reply;
        List<byte[]> fields = new ArrayList<>();
        for (Object field : (List<?>) entry.get(1)) {
            fields.add((byte[]) field);
        }
        return new StreamEntry(StreamId.parse(text(entry.get(0))), fields);
    }

    void read(Object first, PartWriter writer) throws IOException, InterruptedException {
        List<?> page = (List<?>) first;
        StreamId firstId = StreamId.ZERO;
        StreamId last = StreamId.ZERO;
        long count = 0;
        while (true) {
            for (Object one : page) {
                StreamEntry entry = entry(one);
                last = entry.id();
                firstId = count++ == 0 ? last : firstId;
                writer.streamEntry(last, entry.fields());
            }
            if (page.size() < ENTRIES) {
                break;
            }
            page = (List<?>) server.node().call(range(key, last));
        }
        writer.streamState(state(firstId, count));
    }

    private StreamState state(StreamId firstId, long count) {
        Map<String, Object> info = fields(server.node().call(XINFO, ascii("STREAM"), key));
        StreamId deleted = info.containsKey("max-deleted-entry-id") ? id(info, "max-deleted-entry-id") : StreamId.ZERO;
        return new StreamState(
                id(info, "last-generated-id"), firstId, deleted, number(info, "entries-added", count), groups());
    }

    private List<StreamGroup> groups() {
        List<StreamGroup> groups = new ArrayList<>();
        for (Object one : (List<?>) server.node().call(XINFO, ascii("GROUPS"), key)) {
            Map<String, Object> group = fields(one);
            byte[] name = (byte[]) group.get("name");
            groups.add(new StreamGroup(
                    name,
                    id(group, "last-delivered-id"),
                    number(group, "entries-read", Value.UNKNOWN),
                    pending(name),
                    consumers(name)));
        }
        return groups;
    }

    private List<StreamConsumer> consumers(byte[] group) {
        List<StreamConsumer> consumers = new ArrayList<>();
        for (Object one : (List<?>) server.node().call(XINFO, ascii("CONSUMERS"), key, group)) {
            Map<String, Object> consumer = fields(one);
            long now = System.currentTimeMillis();
            long inactive = number(consumer, "inactive", -1);
            consumers.add(new StreamConsumer(
                    (byte[]) consumer.get("name"),
                    now - number(consumer, "idle", 0),
                    inactive < 0 ? Value.UNKNOWN : now - inactive));
        }
        return consumers;
    }

    private List<PendingEntry> pending(byte[] group) {
        List<PendingEntry> pending = new ArrayList<>();
        byte[] from = ascii("-");
        while (true) {
            List<?> page = (List<?>) server.node().call(ascii("XPENDING"), key, group, from, END, MORE);
            long now = System.currentTimeMillis();
            StreamId last = null;
            for (Object one : page) {
                List<?> entry = (List<?>) one;
                last = StreamId.parse(text(entry.get(0)));
                pending.add(
                        new PendingEntry(last, (byte[]) entry.get(1), now - (Long) entry.get(2), (Long) entry.get(3)));
            }
            if (page.size() < ENTRIES) {
                return pending;
            }
            from = ascii(next(last).toString());
        }
    }

    private static StreamId id(Map<String, Object> fields, String name) {
        return StreamId.parse(text(fields.get(name)));
    }

    private static long number(Map<String, Object> fields, String name, long otherwise) {
        return fields.get(name) instanceof Long number ? number : otherwise;
    }

    private static Map<String, Object> fields(Object reply) {
        Map<String, Object> fields = new HashMap<>();
        List<?> list = (List<?>) reply;
        for (int i = 0; i + 1 < list.size(); i += 2) {
            fields.put(text(list.get(i)), list.get(i + 1));
        }
        return fields;
    }
}
