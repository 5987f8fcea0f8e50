package io.millrace.sink;

import io.millrace.change.Value;
import java.util.List;

/** About how much memory a typed value takes. */
final class ValueSize {

    private static final int PER_ELEMENT = 40;

    private ValueSize() {}

    static long of(Value value) {
        if (value instanceof Value.StringValue string) {
            return string.bytes().length;
        }
        if (value instanceof Value.ListValue list) {
            return of(list.elements());
        }
        if (value instanceof Value.SetValue set) {
            return of(set.members());
        }
        long bytes = 0;
        if (value instanceof Value.HashValue hash) {
            for (Value.HashField field : hash.fields()) {
                bytes += PER_ELEMENT + field.field().length + field.value().length;
            }
        } else if (value instanceof Value.ZsetValue zset) {
            for (Value.ScoredMember member : zset.members()) {
                bytes += PER_ELEMENT + member.member().length;
            }
        } else if (value instanceof Value.StreamValue stream) {
            for (Value.StreamEntry entry : stream.entries()) {
                bytes += PER_ELEMENT + of(entry.fields());
            }
        }
        return bytes;
    }

    private static long of(List<byte[]> elements) {
        long bytes = 0;
        for (byte[] element : elements) {
            bytes += PER_ELEMENT + element.length;
        }
        return bytes;
    }
}
