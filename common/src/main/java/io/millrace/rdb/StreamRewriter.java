package io.millrace.rdb;

import io.millrace.change.StreamId;
import io.millrace.change.Value.PendingEntry;
import io.millrace.change.Value.StreamConsumer;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a stream in an earlier version of its encoding. The entries are the same in all of them and are copied as they are;
 * what differs is what stands behind them (rdb.c, rdbSaveObject): version 2 added the counters, 3 when a consumer was active, 4
 * the idempotent producers.
 */
final class StreamRewriter {

    private StreamRewriter() {}

    static byte[] rewrite(DumpValue dump, int rdbVersion, Set<Loss> losses) throws RdbFormatException {
        int as = RdbType.restorable(RdbType.STREAM_LISTPACKS_3, rdbVersion)
                ? 3
                : RdbType.restorable(RdbType.STREAM_LISTPACKS_2, rdbVersion) ? 2 : 1;
        try {
            RdbInput in = new RdbInput(dump.payload(), dump.start() + 1, dump.end());
            RdbStrings strings = new RdbStrings(in, Integer.MAX_VALUE);
            ValueWalker walker = new ValueWalker(strings);
            walker.skipStreamNodes();
            strings.number();
            int state = dump.start() + 1 + (int) in.position();
            StreamReader reader = new StreamReader(strings, versionOf(dump.type()));
            StreamState found = reader.state();
            if (reader.producers() > 0) {
                losses.add(Loss.PRODUCERS);
            }
            if (!in.atEnd()) {
                throw new RdbFormatException("a DUMP payload goes on behind its value.", dump.end());
            }
            PayloadWriter out = new PayloadWriter(type(as), dump.payload().length);
            out.raw(dump.payload(), dump.start() + 1, state);
            write(found, as, out);
            return out.sealed(rdbVersion);
        } catch (RdbFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new RdbFormatException("a stream cannot be read: " + e + ".", dump.start(), e);
        }
    }

    private static int versionOf(int type) {
        return switch (type) {
            case RdbType.STREAM_LISTPACKS_2 -> 2;
            case RdbType.STREAM_LISTPACKS_3 -> 3;
            case RdbType.STREAM_LISTPACKS_4 -> 4;
            default -> throw new IllegalArgumentException("the oldest encoding of a stream is read everywhere");
        };
    }

    private static int type(int version) {
        return switch (version) {
            case 1 -> RdbType.STREAM_LISTPACKS;
            case 2 -> RdbType.STREAM_LISTPACKS_2;
            default -> RdbType.STREAM_LISTPACKS_3;
        };
    }

    private static void write(StreamState state, int version, PayloadWriter out) {
        numbers(state.lastId(), out);
        if (version >= 2) {
            numbers(state.firstId(), out);
            numbers(state.maxDeletedId(), out);
            out.number(state.entriesAdded());
        }
        out.number(state.groups().size());
        for (StreamGroup group : state.groups()) {
            group(group, version, out);
        }
    }

    private static void group(StreamGroup group, int version, PayloadWriter out) {
        out.string(group.name());
        numbers(group.lastDelivered(), out);
        if (version >= 2) {
            out.number(group.entriesRead());
        }
        Map<ByteBuffer, List<StreamId>> byConsumer = new HashMap<>();
        out.number(group.pending().size());
        for (PendingEntry entry : group.pending()) {
            bytes(entry.id(), out);
            out.longLittleEndian(entry.deliveredAt());
            out.number(entry.deliveries());
            byConsumer
                    .computeIfAbsent(ByteBuffer.wrap(entry.consumer()), name -> new ArrayList<>())
                    .add(entry.id());
        }
        out.number(group.consumers().size());
        for (StreamConsumer consumer : group.consumers()) {
            out.string(consumer.name());
            out.longLittleEndian(consumer.seenAt());
            if (version >= 3) {
                out.longLittleEndian(consumer.activeAt());
            }
            List<StreamId> own = byConsumer.getOrDefault(ByteBuffer.wrap(consumer.name()), List.of());
            out.number(own.size());
            own.forEach(id -> bytes(id, out));
        }
    }

    private static void numbers(StreamId id, PayloadWriter out) {
        out.number(id.millis());
        out.number(id.sequence());
    }

    private static void bytes(StreamId id, PayloadWriter out) {
        out.longBigEndian(id.millis());
        out.longBigEndian(id.sequence());
    }
}
