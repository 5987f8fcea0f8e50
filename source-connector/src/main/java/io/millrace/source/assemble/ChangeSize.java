package io.millrace.source.assemble;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.Value;
import java.util.List;
import java.util.Map;

/** What a change takes in a record, in bytes: an estimate from above for the Avro form, origin left out. */
public final class ChangeSize {

    private static final int FIXED = 64;
    private static final int PER_BYTES = CommandSplitter.PER_ARGUMENT;
    private static final int STREAM_ID = 42;

    private ChangeSize() {}

    public static int of(Change change) {
        if (change instanceof CommandChange command) {
            return FIXED + of(command.command());
        }
        if (change instanceof SnapshotEntry entry) {
            return FIXED + of(entry);
        }
        int bytes = FIXED;
        for (Map.Entry<String, String> detail : ((Mark) change).details().entrySet()) {
            bytes += 2 * (detail.getKey().length() + detail.getValue().length());
        }
        return bytes;
    }

    private static int of(Command command) {
        int bytes = command.name().length() + 4 * command.keys().length;
        if (command.keys().length > 0) {
            bytes += command.firstKey().length;
        }
        for (byte[] arg : command.args()) {
            bytes = plus(bytes, arg);
        }
        return bytes;
    }

    private static int of(SnapshotEntry entry) {
        int bytes = entry.type().length();
        if (entry.key() != null) {
            bytes = plus(bytes, entry.key());
        }
        if (entry.payload() != null) {
            bytes = plus(bytes, entry.payload());
        }
        return entry.value() == null ? bytes : Math.addExact(bytes, of(entry.value()));
    }

    private static int of(Value value) {
        int bytes = 0;
        if (value instanceof Value.StringValue string) {
            return string.bytes().length + PER_BYTES;
        }
        if (value instanceof Value.ListValue list) {
            return all(list.elements());
        }
        if (value instanceof Value.SetValue set) {
            return all(set.members());
        }
        if (value instanceof Value.HashValue hash) {
            for (Value.HashField field : hash.fields()) {
                bytes = plus(plus(bytes, field.field()), field.value()) + 10;
            }
        } else if (value instanceof Value.ZsetValue zset) {
            for (Value.ScoredMember member : zset.members()) {
                bytes = plus(bytes, member.member()) + 8;
            }
        } else if (value instanceof Value.StreamValue stream) {
            for (Value.StreamEntry entry : stream.entries()) {
                bytes = Math.addExact(bytes, all(entry.fields()) + STREAM_ID);
            }
            bytes += stream.state() == null ? 0 : of(stream.state());
        }
        return bytes;
    }

    private static int of(Value.StreamState state) {
        int bytes = 4 * STREAM_ID;
        for (Value.StreamGroup group : state.groups()) {
            bytes = plus(bytes, group.name()) + 2 * STREAM_ID;
            for (Value.PendingEntry pending : group.pending()) {
                bytes = plus(bytes, pending.consumer()) + STREAM_ID + 16;
            }
            for (Value.StreamConsumer consumer : group.consumers()) {
                bytes = plus(bytes, consumer.name()) + 18;
            }
        }
        return bytes;
    }

    private static int all(List<byte[]> elements) {
        int bytes = 0;
        for (byte[] element : elements) {
            bytes = plus(bytes, element);
        }
        return bytes;
    }

    private static int plus(int bytes, byte[] more) {
        return Math.addExact(bytes, more.length + PER_BYTES);
    }
}
