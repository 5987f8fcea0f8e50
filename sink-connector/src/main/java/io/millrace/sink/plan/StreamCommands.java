package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.rdb.Loss;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Builds a stream with commands: entries, groups, consumers, what is pending, and the counters.
 *
 * <p>Two things no command can restore: when a consumer was last seen, and, for a stream in parts, pending entries that were
 * deleted from the stream (XCLAIM takes only ids that exist; t_stream.c). For a whole stream such an entry is added, claimed
 * and deleted again.
 */
final class StreamCommands {

    private static final byte[] FILLER = ascii("-");
    private static final byte[] NOBODY = ascii("__millrace");

    private final Destination destination;
    private final Unsupported unsupported;

    StreamCommands(Destination destination, Unsupported unsupported) {
        this.destination = destination;
        this.unsupported = unsupported;
    }

    void append(byte[] key, Value.StreamValue stream, long before, boolean last, CommandList out)
            throws PlanRejection, LeftOut {
        if (!destination.hasStreams()) {
            unsupported.whole("XADD", Loss.STREAM.toString());
        }
        Value.StreamState state = last ? stream.state() : null;
        Set<StreamId> deleted = state != null && before == 0 ? deletedButPending(stream, state) : Set.of();
        List<StreamId> missing = new ArrayList<>(deleted);
        int nextMissing = 0;
        for (Value.StreamEntry entry : stream.entries()) {
            while (nextMissing < missing.size() && missing.get(nextMissing).compareTo(entry.id()) < 0) {
                out.add(Names.XADD, key, id(missing.get(nextMissing++)), FILLER, FILLER);
            }
            List<byte[]> fields = entry.fields();
            byte[][] args = new byte[fields.size() + 2][];
            args[0] = key;
            args[1] = id(entry.id());
            for (int i = 0; i < fields.size(); i++) {
                args[i + 2] = fields.get(i);
            }
            out.add(before > 0 ? ReplyRule.SKIP_OLD_ID : ReplyRule.PLAIN, Names.XADD, args);
        }
        while (nextMissing < missing.size()) {
            out.add(Names.XADD, key, id(missing.get(nextMissing++)), FILLER, FILLER);
        }
        if (state != null) {
            boolean empty = before == 0 && stream.entries().isEmpty() && missing.isEmpty();
            state(key, state, deleted, empty, before + stream.entries().size(), out);
        }
    }

    private void state(
            byte[] key, Value.StreamState state, Set<StreamId> deleted, boolean empty, long length, CommandList out) {
        if (empty) {
            out.add(Names.XGROUP, ascii("CREATE"), key, NOBODY, ascii("0"), ascii("MKSTREAM"));
            out.add(Names.XGROUP, ascii("DESTROY"), key, NOBODY);
        }
        for (Value.StreamGroup group : state.groups()) {
            group(key, group, out);
        }
        if (!deleted.isEmpty()) {
            List<byte[]> args = new ArrayList<>();
            args.add(key);
            deleted.forEach(id -> args.add(id(id)));
            out.add(Names.XDEL, args);
        }
        List<byte[]> args = new ArrayList<>(List.of(key, id(state.lastId())));
        if (destination.hasFunctionsAndStreamCounters() && state.entriesAdded() >= length) {
            args.addAll(List.of(
                    ascii("ENTRIESADDED"),
                    ascii(state.entriesAdded()),
                    ascii("MAXDELETEDID"),
                    id(state.maxDeletedId())));
        }
        out.add(Names.XSETID, args);
    }

    private void group(byte[] key, Value.StreamGroup group, CommandList out) {
        List<byte[]> create = new ArrayList<>(List.of(ascii("CREATE"), key, group.name(), id(group.lastDelivered())));
        if (destination.hasFunctionsAndStreamCounters() && group.entriesRead() >= 0) {
            create.add(ascii("ENTRIESREAD"));
            create.add(ascii(group.entriesRead()));
        }
        out.add(Names.XGROUP, create);
        for (Value.StreamConsumer consumer : group.consumers()) {
            if (destination.hasCreateConsumer()) {
                out.add(Names.XGROUP, ascii("CREATECONSUMER"), key, group.name(), consumer.name());
            } else {
                ClientForm.Step read = OlderStreamForm.consumer(key, group.name(), consumer.name());
                out.add(read.name(), read.args());
            }
        }
        for (Value.PendingEntry pending : group.pending()) {
            out.add(
                    Names.XCLAIM,
                    key,
                    group.name(),
                    pending.consumer(),
                    ascii(0),
                    id(pending.id()),
                    ascii("TIME"),
                    ascii(pending.deliveredAt()),
                    ascii("RETRYCOUNT"),
                    ascii(pending.deliveries()),
                    ascii("FORCE"),
                    ascii("JUSTID"));
        }
    }

    private static Set<StreamId> deletedButPending(Value.StreamValue stream, Value.StreamState state) {
        Set<StreamId> deleted = new TreeSet<>();
        for (Value.StreamGroup group : state.groups()) {
            for (Value.PendingEntry pending : group.pending()) {
                deleted.add(pending.id());
            }
        }
        if (deleted.isEmpty()) {
            return deleted;
        }
        Set<StreamId> present = new HashSet<>();
        for (Value.StreamEntry entry : stream.entries()) {
            present.add(entry.id());
        }
        deleted.removeAll(present);
        return deleted;
    }

    private static byte[] id(StreamId id) {
        return ascii(id.toString());
    }
}
