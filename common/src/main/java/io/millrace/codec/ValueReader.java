package io.millrace.codec;

import io.millrace.change.Expiry;
import io.millrace.change.StreamId;
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
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/** Reads structs as typed values. */
final class ValueReader {

    private final Shape value;
    private final Shape hashField;
    private final Shape scoredMember;
    private final Shape stream;
    private final Shape streamEntry;
    private final Shape streamField;
    private final Shape group;
    private final Shape pending;
    private final Shape consumer;

    ValueReader(Schema schema) {
        value = new Shape(schema, "!string", "!list", "!set", "!hash", "!zset", "!stream");
        hashField = new Shape(Shape.elementOf(value.schemaOf(3)), "!field", "!value", "expireAt");
        scoredMember = new Shape(Shape.elementOf(value.schemaOf(4)), "!member", "!score");
        stream = new Shape(
                value.schemaOf(5), "!entries", "!lastId", "firstId", "maxDeletedId", "entriesAdded", "!groups");
        streamEntry = new Shape(Shape.elementOf(stream.schemaOf(0)), "!id", "!fields");
        streamField = new Shape(Shape.elementOf(streamEntry.schemaOf(1)), "!field", "!value");
        group = new Shape(
                Shape.elementOf(stream.schemaOf(5)),
                "!name",
                "!lastDelivered",
                "entriesRead",
                "!pending",
                "!consumers");
        pending = new Shape(Shape.elementOf(group.schemaOf(3)), "!id", "!consumer", "!deliveredAt", "!deliveries");
        consumer = new Shape(Shape.elementOf(group.schemaOf(4)), "!name", "!seenAt", "activeAt");
    }

    Value read(Struct struct) {
        if (value.get(struct, 0) != null) {
            return new StringValue(value.bytes(struct, 0));
        }
        if (value.get(struct, 1) != null) {
            return new ListValue(each(value.list(struct, 1), Shape::toBytes));
        }
        if (value.get(struct, 2) != null) {
            return new SetValue(each(value.list(struct, 2), Shape::toBytes));
        }
        if (value.get(struct, 3) != null) {
            return new HashValue(structs(value.list(struct, 3), this::hashField));
        }
        if (value.get(struct, 4) != null) {
            return new ZsetValue(structs(
                    value.list(struct, 4),
                    m -> new ScoredMember(scoredMember.bytes(m, 0), (Double) scoredMember.get(m, 1))));
        }
        Struct found = value.struct(struct, 5);
        if (found != null) {
            return stream(found);
        }
        throw new DataException("A typed value has none of the forms that this version knows: upgrade the sink "
                + "connector before the source connector.");
    }

    private HashField hashField(Struct struct) {
        return new HashField(
                hashField.bytes(struct, 0), hashField.bytes(struct, 1), hashField.number(struct, 2, Expiry.NONE));
    }

    private StreamValue stream(Struct struct) {
        List<StreamEntry> entries = structs(stream.list(struct, 0), this::entry);
        String lastId = stream.text(struct, 1);
        if (lastId == null) {
            return new StreamValue(entries, null);
        }
        return new StreamValue(
                entries,
                new StreamState(
                        StreamId.parse(lastId),
                        id(stream.text(struct, 2)),
                        id(stream.text(struct, 3)),
                        stream.number(struct, 4, Value.UNKNOWN),
                        structs(stream.list(struct, 5), this::group)));
    }

    private StreamEntry entry(Struct struct) {
        List<?> found = streamEntry.list(struct, 1);
        List<byte[]> fields = new ArrayList<>(found.size() * 2);
        for (Object each : found) {
            fields.add(streamField.bytes((Struct) each, 0));
            fields.add(streamField.bytes((Struct) each, 1));
        }
        return new StreamEntry(StreamId.parse(streamEntry.text(struct, 0)), fields);
    }

    private StreamGroup group(Struct struct) {
        return new StreamGroup(
                group.bytes(struct, 0),
                StreamId.parse(group.text(struct, 1)),
                group.number(struct, 2, Value.UNKNOWN),
                structs(
                        group.list(struct, 3),
                        p -> new PendingEntry(
                                StreamId.parse(pending.text(p, 0)),
                                pending.bytes(p, 1),
                                pending.number(p, 2, 0),
                                pending.number(p, 3, 0))),
                structs(
                        group.list(struct, 4),
                        c -> new StreamConsumer(
                                consumer.bytes(c, 0), consumer.number(c, 1, 0), consumer.number(c, 2, Value.UNKNOWN))));
    }

    private static StreamId id(String text) {
        return text == null ? StreamId.ZERO : StreamId.parse(text);
    }

    private static <T> List<T> structs(List<?> found, Function<Struct, T> read) {
        return each(found, s -> read.apply((Struct) s));
    }

    private static <T> List<T> each(List<?> found, Function<Object, T> read) {
        List<T> values = new ArrayList<>(found.size());
        for (Object each : found) {
            values.add(read.apply(each));
        }
        return values;
    }
}
