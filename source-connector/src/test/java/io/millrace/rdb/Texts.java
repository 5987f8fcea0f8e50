package io.millrace.rdb;

import io.millrace.change.Value;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import io.millrace.change.Value.StreamValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** One text for one value, whatever the order of a collection that has none. */
final class Texts {

    private Texts() {}

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String of(Value value) {
        if (value instanceof StringValue string) {
            return "string " + of(string.bytes());
        }
        if (value instanceof ListValue list) {
            return "list " + list.elements().stream().map(Texts::of).toList();
        }
        if (value instanceof SetValue set) {
            return "set " + set.members().stream().map(Texts::of).sorted().toList();
        }
        if (value instanceof HashValue hash) {
            return "hash "
                    + hash.fields().stream()
                            .map(f -> of(f.field()) + "=" + of(f.value()) + "@" + f.expireAt())
                            .sorted()
                            .toList();
        }
        if (value instanceof ZsetValue zset) {
            return "zset "
                    + zset.members().stream()
                            .map(m -> of(m.member()) + "=" + Double.doubleToLongBits(m.score()))
                            .sorted()
                            .toList();
        }
        StreamValue stream = (StreamValue) value;
        return "stream "
                + stream.entries().stream()
                        .map(e -> e.id() + ":"
                                + e.fields().stream().map(Texts::of).toList())
                        .collect(Collectors.joining(";"))
                + of(stream.state());
    }

    private static String of(StreamState state) {
        return " last " + state.lastId() + " first " + state.firstId() + " deleted " + state.maxDeletedId() + " added "
                + state.entriesAdded() + " "
                + state.groups().stream().map(Texts::of).toList();
    }

    private static String of(StreamGroup group) {
        List<String> pending = group.pending().stream()
                .map(p -> p.id() + " " + of(p.consumer()) + " " + p.deliveredAt() + " " + p.deliveries())
                .sorted()
                .toList();
        List<String> consumers = group.consumers().stream()
                .map(c -> of(c.name()) + " " + c.seenAt() + " " + c.activeAt())
                .sorted()
                .toList();
        return of(group.name()) + " " + group.lastDelivered() + " " + group.entriesRead() + " " + pending + consumers;
    }
}
