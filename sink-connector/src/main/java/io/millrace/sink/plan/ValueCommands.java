package io.millrace.sink.plan;

import static io.millrace.sink.plan.CommandList.ascii;

import io.millrace.change.Expiry;
import io.millrace.change.Value;
import io.millrace.rdb.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a typed value with commands, under a key that does not exist or holds the parts before. What a part adds is the same
 * however often it is applied, so that a part whose outcome is unknown can be sent again.
 */
final class ValueCommands {

    /** Arguments in one command: enough to amortise it, not so many that it occupies the server noticeably. */
    private static final int MAX_ELEMENTS = 512;

    private final Destination destination;
    private final StreamCommands streams;
    private final Unsupported unsupported;

    ValueCommands(Destination destination, Unsupported unsupported) {
        this.destination = destination;
        this.unsupported = unsupported;
        this.streams = new StreamCommands(destination, unsupported);
    }

    /**
     * Appends the commands that add {@code value} to {@code key}.
     *
     * @param before elements or bytes that earlier parts have brought; 0 for the first and for a whole value
     * @return elements or bytes that are there now
     */
    long append(byte[] key, Value value, long before, boolean last, CommandList out) throws PlanRejection, LeftOut {
        if (value instanceof Value.StringValue string) {
            return string(key, string.bytes(), before, out);
        }
        if (value instanceof Value.ListValue list) {
            return list(key, list.elements(), before, out);
        }
        if (value instanceof Value.SetValue set) {
            chunked(Names.SADD, key, set.members(), MAX_ELEMENTS, out);
            return before + set.members().size();
        }
        if (value instanceof Value.HashValue hash) {
            hash(key, hash.fields(), out);
            return before + hash.fields().size();
        }
        if (value instanceof Value.ZsetValue zset) {
            List<byte[]> args = new ArrayList<>(zset.members().size() * 2);
            for (Value.ScoredMember member : zset.members()) {
                args.add(ascii(score(member.score())));
                args.add(member.member());
            }
            chunked(Names.ZADD, key, args, MAX_ELEMENTS * 2, out);
            return before + zset.members().size();
        }
        Value.StreamValue stream = (Value.StreamValue) value;
        streams.append(key, stream, before, last, out);
        return before + stream.entries().size();
    }

    private static long string(byte[] key, byte[] bytes, long before, CommandList out) {
        if (before == 0) {
            out.add(Names.SET, key, bytes);
        } else if (bytes.length > 0) {
            out.add(Names.SETRANGE, key, ascii(before), bytes);
        }
        return before + bytes.length;
    }

    private static long list(byte[] key, List<byte[]> elements, long before, CommandList out) {
        if (before > 0) {
            out.add(Names.LTRIM, key, ascii(0), ascii(before - 1));
        }
        chunked(Names.RPUSH, key, elements, MAX_ELEMENTS, out);
        return before + elements.size();
    }

    private void hash(byte[] key, List<Value.HashField> fields, CommandList out) throws PlanRejection, LeftOut {
        List<byte[]> args = new ArrayList<>(fields.size() * 2);
        Map<Long, List<byte[]>> expiring = new LinkedHashMap<>();
        for (Value.HashField field : fields) {
            args.add(field.field());
            args.add(field.value());
            if (field.expireAt() != Expiry.NONE) {
                expiring.computeIfAbsent(field.expireAt(), at -> new ArrayList<>())
                        .add(field.field());
            }
        }
        if (!expiring.isEmpty() && !destination.hasFieldExpiry()) {
            unsupported.part("HPEXPIREAT", Loss.FIELD_EXPIRY.toString());
            expiring.clear();
        }
        chunked(Names.HSET, key, args, MAX_ELEMENTS * 2, out);
        expiring.forEach((at, names) -> {
            for (int from = 0; from < names.size(); from += MAX_ELEMENTS) {
                List<byte[]> some = names.subList(from, Math.min(names.size(), from + MAX_ELEMENTS));
                List<byte[]> command = new ArrayList<>(some.size() + 4);
                command.add(key);
                command.add(ascii(at));
                command.add(ascii("FIELDS"));
                command.add(ascii(some.size()));
                command.addAll(some);
                out.add(Names.HPEXPIREAT, command);
            }
        });
    }

    private static void chunked(CommandName name, byte[] key, List<byte[]> args, int most, CommandList out) {
        for (int from = 0; from < args.size(); from += most) {
            List<byte[]> some = args.subList(from, Math.min(args.size(), from + most));
            byte[][] command = new byte[some.size() + 1][];
            command[0] = key;
            for (int i = 0; i < some.size(); i++) {
                command[i + 1] = some.get(i);
            }
            out.add(name, command);
        }
    }

    /** Java's shortest form that gives the same double again is one that strtod reads to the same double. */
    static String score(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? "inf" : "-inf";
        }
        return Double.toString(score);
    }
}
