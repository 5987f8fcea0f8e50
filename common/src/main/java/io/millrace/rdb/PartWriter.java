package io.millrace.rdb;

import io.millrace.change.Part;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Collects the elements of a large value into parts below a size. One part is always held back, because a part says
 * whether it is the last.
 */
public final class PartWriter implements ValueSink {

    /** What an element costs in a record besides its bytes, at most. */
    private static final int OVERHEAD = 24;

    private final RdbKey key;
    private final RdbVisitor visitor;
    private final int limit;

    private List<Object> elements = new ArrayList<>();
    private Function<List<Object>, Value> shape;
    private long size;
    private Value held;
    private int index;

    public PartWriter(RdbKey key, RdbVisitor visitor, int limit) {
        this.key = key;
        this.visitor = visitor;
        this.limit = limit;
    }

    @Override
    public void string(byte[] range) throws IOException, InterruptedException {
        hold(new StringValue(range));
    }

    @Override
    public void listElement(byte[] element) throws IOException, InterruptedException {
        add(element, element.length, list -> new ListValue(cast(list)));
    }

    @Override
    public void setMember(byte[] member) throws IOException, InterruptedException {
        add(member, member.length, list -> new SetValue(cast(list)));
    }

    @Override
    public void hashField(byte[] field, byte[] value, long expireAt) throws IOException, InterruptedException {
        add(
                new HashField(field, value, expireAt),
                (long) field.length + value.length,
                list -> new HashValue(cast(list)));
    }

    @Override
    public void scoredMember(byte[] member, double score) throws IOException, InterruptedException {
        add(new ScoredMember(member, score), member.length, list -> new ZsetValue(cast(list)));
    }

    @Override
    public void streamEntry(StreamId id, List<byte[]> fields) throws IOException, InterruptedException {
        long bytes = 8L * fields.size();
        for (byte[] field : fields) {
            bytes += field.length;
        }
        add(new StreamEntry(id, fields), bytes, list -> new StreamValue(cast(list), null));
    }

    @Override
    public void streamState(StreamState state) throws IOException, InterruptedException {
        flush();
        hold(new StreamValue(List.of(), state));
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return held == null && elements.isEmpty();
    }

    /** Hands out what is left; the value is complete. */
    public void finish() throws IOException, InterruptedException {
        flush();
        if (held == null) {
            throw new RdbFormatException("a large value has no elements.", 0);
        }
        visitor.part(key, held, new Part(index, true));
    }

    private void add(Object element, long bytes, Function<List<Object>, Value> as)
            throws IOException, InterruptedException {
        if (size > 0 && size + bytes + OVERHEAD > limit) {
            flush();
        }
        shape = as;
        elements.add(element);
        size += bytes + OVERHEAD;
    }

    private void flush() throws IOException, InterruptedException {
        if (!elements.isEmpty()) {
            hold(shape.apply(elements));
            elements = new ArrayList<>();
            size = 0;
        }
    }

    private void hold(Value value) throws IOException, InterruptedException {
        if (held != null) {
            visitor.part(key, held, new Part(index++, false));
        }
        held = value;
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> cast(List<Object> list) {
        return (List<T>) (List<?>) list;
    }
}
