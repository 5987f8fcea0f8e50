package io.millrace.codec;

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
import io.millrace.slot.SlotSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random changes of every kind. */
final class Changes {

    private Changes() {}

    static Origin origin() {
        return new Origin("0", 1, "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb", 1_700_000_000_000L, -1, -1, Map.of());
    }

    static Arbitrary<Change> any() {
        return origins().flatMap(Changes::of);
    }

    static Arbitrary<List<Change>> runs() {
        return origins().flatMap(origin -> of(origin).list().ofMinSize(1).ofMaxSize(20));
    }

    private static Arbitrary<Change> of(Origin origin) {
        return Arbitraries.oneOf(commands(origin), entries(origin), marks(origin));
    }

    private static Arbitrary<Origin> origins() {
        return Combinators.combine(
                        Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8),
                        Arbitraries.integers().greaterOrEqual(1),
                        Arbitraries.strings().numeric().ofLength(40),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(-1),
                        Arbitraries.longs().greaterOrEqual(-1),
                        texts())
                .as(Origin::new);
    }

    private static Arbitrary<Change> commands(Origin origin) {
        return bytes().array(byte[][].class).ofMaxSize(6).flatMap(args -> {
            Arbitrary<int[]> keys = args.length == 0
                    ? Arbitraries.just(new int[0])
                    : Arbitraries.integers()
                            .between(0, args.length - 1)
                            .set()
                            .ofMaxSize(args.length)
                            .map(set -> set.stream().mapToInt(i -> i).sorted().toArray());
            return Combinators.combine(
                            Arbitraries.strings()
                                    .withCharRange('A', 'Z')
                                    .withChars('\u00ff')
                                    .ofMinLength(1),
                            keys,
                            offsets(),
                            expiries(),
                            transactions(),
                            Arbitraries.of("expired", "evicted").injectNull(0.8))
                    .as((name, positions, offset, expireAt, tx, reason) -> new CommandChange(
                            origin,
                            3,
                            offset,
                            new Command(name, args, positions),
                            expireAt,
                            tx,
                            reason,
                            3,
                            slots(offset)));
        });
    }

    private static Arbitrary<Change> entries(Origin origin) {
        Arbitrary<Part> parts = Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0), Arbitraries.of(true, false))
                .as(Part::new)
                .injectNull(0.5);
        return Combinators.combine(bytes(), bytes().injectNull(0.3), values(), expiries(), parts, offsets())
                .as((key, payload, value, expireAt, part, offset) -> new SnapshotEntry(
                        origin,
                        0,
                        offset,
                        key,
                        value.type(),
                        payload,
                        payload == null ? 0 : 80,
                        value,
                        expireAt,
                        part,
                        expireAt == Expiry.NONE ? SnapshotEntry.UNKNOWN : 5,
                        payload == null ? 255 : -1));
    }

    private static Arbitrary<Change> marks(Origin origin) {
        return Combinators.combine(Arbitraries.of(Mark.Meaning.values()), texts(), offsets())
                .as((meaning, details, offset) -> new Mark(origin, 1, offset, meaning, details, slots(offset)));
    }

    private static SlotSet slots(long offset) {
        return offset % 2 == 0 ? null : SlotSet.range(0, 5460).union(SlotSet.of(7000));
    }

    private static Arbitrary<TransactionMark> transactions() {
        return Combinators.combine(offsets(), Arbitraries.integers().greaterOrEqual(0), Arbitraries.of(true, false))
                .as(TransactionMark::new)
                .injectNull(0.5);
    }

    private static Arbitrary<Value> values() {
        Arbitrary<Value.HashField> fields =
                Combinators.combine(bytes(), bytes(), expiries()).as(Value.HashField::new);
        Arbitrary<Value.ScoredMember> members = Combinators.combine(
                        bytes(),
                        Arbitraries.oneOf(
                                Arbitraries.doubles(),
                                Arbitraries.of(
                                        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE)))
                .as(Value.ScoredMember::new);
        return Arbitraries.oneOf(
                bytes().map(Value.StringValue::new),
                bytes().list().ofMaxSize(4).map(Value.ListValue::new),
                bytes().list().ofMaxSize(4).map(Value.SetValue::new),
                fields.list().ofMaxSize(4).map(Value.HashValue::new),
                members.list().ofMaxSize(4).map(Value.ZsetValue::new),
                streams());
    }

    private static Arbitrary<Value> streams() {
        Arbitrary<List<byte[]>> pairs = Combinators.combine(bytes(), bytes())
                .as((f, v) -> Arrays.asList(f, v))
                .list()
                .ofMaxSize(3)
                .map(lists -> lists.stream().flatMap(List::stream).toList());
        Arbitrary<Value.StreamEntry> entries = Combinators.combine(ids(), pairs).as(Value.StreamEntry::new);
        Arbitrary<Value.PendingEntry> pending =
                Combinators.combine(ids(), bytes(), offsets(), offsets()).as(Value.PendingEntry::new);
        Arbitrary<Value.StreamConsumer> consumers =
                Combinators.combine(bytes(), offsets(), expiries()).as(Value.StreamConsumer::new);
        Arbitrary<Value.StreamGroup> groups = Combinators.combine(
                        bytes(),
                        ids(),
                        expiries(),
                        pending.list().ofMaxSize(2),
                        consumers.list().ofMaxSize(2))
                .as(Value.StreamGroup::new);
        Arbitrary<Value.StreamState> states = Combinators.combine(
                        ids(), ids(), ids(), expiries(), groups.list().ofMaxSize(2))
                .as(Value.StreamState::new);
        return Combinators.combine(entries.list().ofMaxSize(3), states.injectNull(0.3))
                .as(Value.StreamValue::new);
    }

    private static Arbitrary<StreamId> ids() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(StreamId::new);
    }

    private static Arbitrary<Map<String, String>> texts() {
        return Arbitraries.maps(
                        Arbitraries.strings().alpha().ofMinLength(1),
                        Arbitraries.strings().ofMaxLength(5))
                .ofMaxSize(2);
    }

    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(24);
    }

    private static Arbitrary<Long> expiries() {
        return Arbitraries.longs().greaterOrEqual(0).injectNull(0.5).map(at -> at == null ? Expiry.NONE : at);
    }

    private static Arbitrary<Long> offsets() {
        return Arbitraries.longs().greaterOrEqual(0);
    }
}
