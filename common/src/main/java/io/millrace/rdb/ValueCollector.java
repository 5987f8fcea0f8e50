package io.millrace.rdb;

import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StreamEntry;
import io.millrace.change.Value.StreamState;
import io.millrace.change.Value.StreamValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import java.util.ArrayList;
import java.util.List;

/** Collects a small value. */
final class ValueCollector implements ValueSink {

    private final List<byte[]> plain = new ArrayList<>();
    private final List<HashField> fields = new ArrayList<>();
    private final List<ScoredMember> members = new ArrayList<>();
    private final List<StreamEntry> entries = new ArrayList<>();
    private StreamState state;

    @Override
    public void string(byte[] range) {
        plain.add(range);
    }

    @Override
    public void listElement(byte[] element) {
        plain.add(element);
    }

    @Override
    public void setMember(byte[] member) {
        plain.add(member);
    }

    @Override
    public void hashField(byte[] field, byte[] value, long expireAt) {
        fields.add(new HashField(field, value, expireAt));
    }

    @Override
    public void scoredMember(byte[] member, double score) {
        members.add(new ScoredMember(member, score));
    }

    @Override
    public void streamEntry(StreamId id, List<byte[]> content) {
        entries.add(new StreamEntry(id, content));
    }

    @Override
    public void streamState(StreamState found) {
        state = found;
    }

    /** The value of that type. */
    Value value(String type) {
        return switch (type) {
            case "string" -> new StringValue(plain.get(0));
            case "list" -> new ListValue(plain);
            case "set" -> new SetValue(plain);
            case "hash" -> new HashValue(fields);
            case "zset" -> new ZsetValue(members);
            case "stream" -> new StreamValue(entries, state);
            default -> throw new IllegalArgumentException("the type " + type + " has no typed form");
        };
    }
}
