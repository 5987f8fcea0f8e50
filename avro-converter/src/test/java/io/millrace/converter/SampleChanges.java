package io.millrace.converter;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Part;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.StreamId;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** One change of every kind and of every type of value. */
final class SampleChanges {

    static final Origin ORIGIN = new Origin(
            "0",
            3,
            "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb",
            1_700_000_000_000L,
            1_699_999_999_990L,
            4,
            Map.of("env", "test"));

    private SampleChanges() {}

    static List<Change> all() {
        return List.of(
                command("SET", Expiry.NONE, null, null, "key", "value"),
                command("SET", 1_800_000_000_000L, null, null, "key", "value", "PXAT", "1800000000000"),
                command("DEL", Expiry.NONE, new TransactionMark(77, 1, true), "expired", "key"),
                new CommandChange(
                        ORIGIN, 9, 100, new Command("FLUSHALL", new byte[0][], new int[0]), Expiry.NONE, null, null),
                new SnapshotEntry(
                        ORIGIN,
                        0,
                        100,
                        everyByte(),
                        "string",
                        everyByte(),
                        11,
                        null,
                        Expiry.NONE,
                        null,
                        5,
                        SnapshotEntry.UNKNOWN),
                typed("string", new Value.StringValue(everyByte()), new Part(0, false)),
                typed("list", new Value.ListValue(List.of(bytes("a"), bytes(""), bytes("a"))), null),
                typed("set", new Value.SetValue(List.of(bytes("a"), bytes("b"))), null),
                typed(
                        "hash",
                        new Value.HashValue(List.of(
                                new Value.HashField(bytes("f"), bytes("v"), Expiry.NONE),
                                new Value.HashField(bytes("g"), bytes("w"), 1_800_000_000_000L))),
                        null),
                typed(
                        "zset",
                        new Value.ZsetValue(List.of(
                                new Value.ScoredMember(bytes("m"), Double.NEGATIVE_INFINITY),
                                new Value.ScoredMember(bytes("n"), 1.5))),
                        null),
                typed(
                        "stream",
                        new Value.StreamValue(
                                List.of(new Value.StreamEntry(new StreamId(5, 1), List.of(bytes("f"), bytes("v")))),
                                new Value.StreamState(
                                        new StreamId(6, 0),
                                        new StreamId(5, 1),
                                        new StreamId(6, 0),
                                        2,
                                        List.of(new Value.StreamGroup(
                                                bytes("g"),
                                                new StreamId(5, 1),
                                                1,
                                                List.of(new Value.PendingEntry(new StreamId(5, 1), bytes("c"), 7, 2)),
                                                List.of(new Value.StreamConsumer(bytes("c"), 7, 8)))))),
                        null),
                new Mark(ORIGIN, 0, 0, Mark.Meaning.SNAPSHOT_BEGIN, Map.of("keys", "12")),
                new Mark(ORIGIN, 0, 200, Mark.Meaning.HEARTBEAT, Map.of()));
    }

    static CommandChange command(String name, long expireAt, TransactionMark mark, String reason, String... args) {
        byte[][] bytes = new byte[args.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes(args[i]);
        }
        return new CommandChange(ORIGIN, 0, 1234, new Command(name, bytes, new int[] {0}), expireAt, mark, reason);
    }

    private static SnapshotEntry typed(String type, Value value, Part part) {
        return new SnapshotEntry(
                ORIGIN,
                1,
                100,
                bytes("key"),
                type,
                null,
                0,
                value,
                1_800_000_000_000L,
                part,
                SnapshotEntry.UNKNOWN,
                200);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
