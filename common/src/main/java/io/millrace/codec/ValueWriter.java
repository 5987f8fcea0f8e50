package io.millrace.codec;

import io.millrace.change.Expiry;
import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.PendingEntry;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StreamConsumer;
import io.millrace.change.Value.StreamEntry;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import io.millrace.change.Value.StreamValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.connect.data.Struct;

/** Writes typed values as structs. */
final class ValueWriter {

    private ValueWriter() {}

    static Struct write(Value value) {
        Struct struct = new Struct(ChangeSchemas.VALUE);
        if (value instanceof StringValue string) {
            struct.put("string", string.bytes());
        } else if (value instanceof ListValue list) {
            struct.put("list", list.elements());
        } else if (value instanceof SetValue set) {
            struct.put("set", set.members());
        } else if (value instanceof HashValue hash) {
            struct.put("hash", each(hash.fields(), ValueWriter::hashField));
        } else if (value instanceof ZsetValue zset) {
            struct.put("zset", each(zset.members(), ValueWriter::scoredMember));
        } else if (value instanceof StreamValue stream) {
            struct.put("stream", stream(stream));
        }
        return struct;
    }

    private static Struct hashField(HashField field) {
        return new Struct(ChangeSchemas.HASH_FIELD)
                .put("field", field.field())
                .put("value", field.value())
                .put("expireAt", ChangeWriter.unless(Expiry.NONE, field.expireAt()));
    }

    private static Struct scoredMember(ScoredMember member) {
        return new Struct(ChangeSchemas.SCORED_MEMBER)
                .put("member", member.member())
                .put("score", member.score());
    }

    private static Struct stream(StreamValue stream) {
        Struct struct = new Struct(ChangeSchemas.STREAM).put("entries", each(stream.entries(), ValueWriter::entry));
        StreamState state = stream.state();
        if (state == null) {
            return struct.put("groups", List.of());
        }
        return struct.put("lastId", state.lastId().toString())
                .put("firstId", state.firstId().toString())
                .put("maxDeletedId", state.maxDeletedId().toString())
                .put("entriesAdded", state.entriesAdded())
                .put("groups", each(state.groups(), ValueWriter::group));
    }

    private static Struct entry(StreamEntry entry) {
        List<Struct> fields = new ArrayList<>(entry.fields().size() / 2);
        for (int i = 0; i < entry.fields().size(); i += 2) {
            fields.add(new Struct(ChangeSchemas.STREAM_FIELD)
                    .put("field", entry.fields().get(i))
                    .put("value", entry.fields().get(i + 1)));
        }
        return new Struct(ChangeSchemas.STREAM_ENTRY)
                .put("id", entry.id().toString())
                .put("fields", fields);
    }

    private static Struct group(StreamGroup group) {
        return new Struct(ChangeSchemas.STREAM_GROUP)
                .put("name", group.name())
                .put("lastDelivered", group.lastDelivered().toString())
                .put("entriesRead", ChangeWriter.unless(Value.UNKNOWN, group.entriesRead()))
                .put("pending", each(group.pending(), ValueWriter::pending))
                .put("consumers", each(group.consumers(), ValueWriter::consumer));
    }

    private static Struct pending(PendingEntry entry) {
        return new Struct(ChangeSchemas.PENDING_ENTRY)
                .put("id", entry.id().toString())
                .put("consumer", entry.consumer())
                .put("deliveredAt", entry.deliveredAt())
                .put("deliveries", entry.deliveries());
    }

    private static Struct consumer(StreamConsumer consumer) {
        return new Struct(ChangeSchemas.STREAM_CONSUMER)
                .put("name", consumer.name())
                .put("seenAt", consumer.seenAt())
                .put("activeAt", ChangeWriter.unless(Value.UNKNOWN, consumer.activeAt()));
    }

    private static <T> List<Struct> each(List<T> values, Function<T, Struct> write) {
        List<Struct> structs = new ArrayList<>(values.size());
        for (T value : values) {
            structs.add(write.apply(value));
        }
        return structs;
    }
}
