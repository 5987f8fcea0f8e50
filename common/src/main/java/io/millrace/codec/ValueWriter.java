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
        FilledStruct struct = new FilledStruct(ChangeSchemas.VALUE);
        if (value instanceof StringValue string) {
            struct.set("string", string.bytes());
        } else if (value instanceof ListValue list) {
            struct.set("list", list.elements());
        } else if (value instanceof SetValue set) {
            struct.set("set", set.members());
        } else if (value instanceof HashValue hash) {
            struct.set("hash", each(hash.fields(), ValueWriter::hashField));
        } else if (value instanceof ZsetValue zset) {
            struct.set("zset", each(zset.members(), ValueWriter::scoredMember));
        } else if (value instanceof StreamValue stream) {
            struct.set("stream", stream(stream));
        }
        return struct;
    }

    private static Struct hashField(HashField field) {
        return new FilledStruct(ChangeSchemas.HASH_FIELD)
                .set("field", field.field())
                .set("value", field.value())
                .set("expireAt", ChangeWriter.unless(Expiry.NONE, field.expireAt()));
    }

    private static Struct scoredMember(ScoredMember member) {
        return new FilledStruct(ChangeSchemas.SCORED_MEMBER)
                .set("member", member.member())
                .set("score", member.score());
    }

    private static Struct stream(StreamValue stream) {
        FilledStruct struct =
                new FilledStruct(ChangeSchemas.STREAM).set("entries", each(stream.entries(), ValueWriter::entry));
        StreamState state = stream.state();
        if (state == null) {
            return struct.set("groups", List.of());
        }
        return struct.set("lastId", state.lastId().toString())
                .set("firstId", state.firstId().toString())
                .set("maxDeletedId", state.maxDeletedId().toString())
                .set("entriesAdded", state.entriesAdded())
                .set("groups", each(state.groups(), ValueWriter::group));
    }

    private static Struct entry(StreamEntry entry) {
        List<Struct> fields = new ArrayList<>(entry.fields().size() / 2);
        for (int i = 0; i < entry.fields().size(); i += 2) {
            fields.add(new FilledStruct(ChangeSchemas.STREAM_FIELD)
                    .set("field", entry.fields().get(i))
                    .set("value", entry.fields().get(i + 1)));
        }
        return new FilledStruct(ChangeSchemas.STREAM_ENTRY)
                .set("id", entry.id().toString())
                .set("fields", fields);
    }

    private static Struct group(StreamGroup group) {
        return new FilledStruct(ChangeSchemas.STREAM_GROUP)
                .set("name", group.name())
                .set("lastDelivered", group.lastDelivered().toString())
                .set("entriesRead", ChangeWriter.unless(Value.UNKNOWN, group.entriesRead()))
                .set("pending", each(group.pending(), ValueWriter::pending))
                .set("consumers", each(group.consumers(), ValueWriter::consumer));
    }

    private static Struct pending(PendingEntry entry) {
        return new FilledStruct(ChangeSchemas.PENDING_ENTRY)
                .set("id", entry.id().toString())
                .set("consumer", entry.consumer())
                .set("deliveredAt", entry.deliveredAt())
                .set("deliveries", entry.deliveries());
    }

    private static Struct consumer(StreamConsumer consumer) {
        return new FilledStruct(ChangeSchemas.STREAM_CONSUMER)
                .set("name", consumer.name())
                .set("seenAt", consumer.seenAt())
                .set("activeAt", ChangeWriter.unless(Value.UNKNOWN, consumer.activeAt()));
    }

    private static <T> List<Struct> each(List<T> values, Function<T, Struct> write) {
        List<Struct> structs = new ArrayList<>(values.size());
        for (T value : values) {
            structs.add(write.apply(value));
        }
        return structs;
    }
}
