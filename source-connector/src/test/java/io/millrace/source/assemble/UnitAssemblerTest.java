package io.millrace.source.assemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Origin;
import io.millrace.change.SnapshotEntry;
import io.millrace.change.TransactionMark;
import io.millrace.command.CommandTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UnitAssemblerTest {

    private static final Origin ORIGIN =
            new Origin("0", 1, "a".repeat(40), 1, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());

    private final List<Change> changes = new ArrayList<>();
    private final UnitAssembler assembler = assembler(changes);

    /** Holds nothing back but the last change of a block. */
    private static UnitAssembler assembler(List<Change> into) {
        return assembler(into, 0);
    }

    private static UnitAssembler assembler(List<Change> into, int hold) {
        return new UnitAssembler(
                new CommandDictionary(CommandTable.standard(), t -> t),
                new CommandSplitter(100_000),
                new KeyCopies(new EntryWriter(EntryFormat.DUMP, (key, payload) -> null, 100_000)),
                into::add,
                hold);
    }

    private static void feed(UnitAssembler assembler, List<StreamScript.Sent> commands) throws Exception {
        for (StreamScript.Sent sent : commands) {
            assembler.command(sent.argv(), sent.first(), sent.last());
        }
    }

    @Test
    void publishesACommandWithNameKeysAndDatabase() throws Exception {
        StreamScript script = new StreamScript(100).send("SELECT", "3").send("mSeT", "a", "1", "b", "2");
        assembler.begin(ORIGIN, 100, 0);
        feed(assembler, script.commands());

        assertThat(changes).singleElement().isInstanceOfSatisfying(CommandChange.class, change -> {
            assertThat(change.command().name()).isEqualTo("MSET");
            assertThat(change.command().keys()).containsExactly(0, 2);
            assertThat(change.db()).isEqualTo(3);
            assertThat(change.offset()).isEqualTo(script.end());
            assertThat(change.transaction()).isNull();
        });
        assertThat(assembler.unitEnd()).isEqualTo(script.end());
        assertThat(assembler.unitEndDb()).isEqualTo(3);
    }

    @Test
    void aRestoreLargerThanARecordBecomesItsEntries() throws Exception {
        // A string with a length of 32 bits, in RDB 9.
        ByteBuffer payload = ByteBuffer.allocate(6 + 250_000 + 10).order(ByteOrder.LITTLE_ENDIAN);
        payload.put(1, (byte) 0x80).put(2, new byte[] {0, 3, (byte) 0xd0, (byte) 0x90});
        payload.putShort(6 + 250_000, (short) 9);
        payload.putLong(8 + 250_000, crc(payload.array(), 8 + 250_000));
        StreamScript script = new StreamScript(100)
                .send("SELECT", "3")
                .send(ascii("RESTORE"), ascii("k"), ascii("5000"), payload.array(), ascii("REPLACE"), ascii("absttl"));
        assembler.begin(ORIGIN, 100, 0);
        feed(assembler, script.commands());
        assertThat(changes).hasSizeGreaterThan(2).allSatisfy(change -> {
            SnapshotEntry entry = (SnapshotEntry) change;
            assertThat(entry.key()).containsExactly('k');
            assertThat(entry.db()).isEqualTo(3);
            assertThat(entry.expireAt()).isEqualTo(5000);
            assertThat(entry.offset()).isEqualTo(script.end());
        });
        assertThat(assembler.unitEnd()).isEqualTo(script.end());
        assertThat(((SnapshotEntry) changes.get(changes.size() - 1)).part().last())
                .isTrue();
    }

    /** CRC-64 of the first bytes, as crc64.c defines it. */
    private static long crc(byte[] bytes, int end) {
        long crc = 0;
        for (int i = 0; i < end; i++) {
            crc ^= bytes[i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? (crc >>> 1) ^ 0x95ac9329ac4bc9b5L : crc >>> 1;
            }
        }
        return crc;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void continuesInTheDatabaseOfThePosition() throws Exception {
        assembler.begin(ORIGIN, 100, 7);
        feed(assembler, new StreamScript(100).send("SET", "a", "1").commands());
        assertThat(changes).singleElement().satisfies(c -> assertThat(c.db()).isEqualTo(7));
    }

    @Test
    void takesAnAbsoluteExpiryAndLeavesARelativeOne() throws Exception {
        assembler.begin(ORIGIN, 0, 0);
        feed(
                assembler,
                new StreamScript(0)
                        .send("SET", "a", "1", "PXAT", "1790000060000")
                        .send("EXPIREAT", "a", "1790000060")
                        .send("EXPIRE", "a", "60")
                        .send("HPEXPIREAT", "h", "1790000060000", "FIELDS", "1", "f")
                        .commands());
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).expireAt())
                .containsExactly(1790000060000L, 1790000060000L, Expiry.NONE, Expiry.NONE);
    }

    @Test
    void publishesACommandThatNobodyKnows() throws Exception {
        assembler.begin(ORIGIN, 0, 0);
        byte[] odd = {'j', '.', (byte) 0xe9, 'x'};
        feed(assembler, new StreamScript(0).send(odd, new byte[] {'k'}).commands());
        assertThat(changes).singleElement().isInstanceOfSatisfying(CommandChange.class, change -> {
            assertThat(change.command().name()).isEqualTo("J.\u00e9X");
            assertThat(change.command().keys()).isEmpty();
            assertThat(change.command().args()).hasDimensions(1, 1);
        });
    }

    @Test
    void marksTheChangesOfABlockAndMovesTheOffsetAtItsEnd() throws Exception {
        StreamScript script = new StreamScript(0).send("SET", "x", "0");
        long before = script.end();
        script.send("MULTI").send("SET", "a", "1").send("SELECT", "2").send("SET", "b", "1");
        assembler.begin(ORIGIN, 0, 0);
        feed(assembler, script.commands());
        assertThat(assembler.unitEnd()).isEqualTo(before);
        assertThat(assembler.unitEndDb()).isZero();
        assertThat(changes).as("one change is withheld").hasSize(2);

        StreamScript rest = new StreamScript(script.end()).send("EXEC");
        feed(assembler, rest.commands());
        assertThat(assembler.unitEnd()).isEqualTo(rest.end());
        assertThat(assembler.unitEndDb()).isEqualTo(2);
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).transaction())
                .containsExactly(
                        null, new TransactionMark(before + 1, 0, false), new TransactionMark(before + 1, 1, true));
        assertThat(changes.get(2).offset())
                .as("the last change ends with its EXEC")
                .isEqualTo(rest.end());
    }

    @Test
    void countsAnEmptyBlock() throws Exception {
        StreamScript script = new StreamScript(0).send("MULTI").send("PING").send("EXEC");
        assembler.begin(ORIGIN, 0, 0);
        feed(assembler, script.commands());
        assertThat(changes).isEmpty();
        assertThat(assembler.unitEnd()).isEqualTo(script.end());
    }

    /** Sentinels of another place would take them for sentinels of theirs. */
    @Test
    void leavesOutWhatSentinelsTellEachOther() throws Exception {
        StreamScript script = new StreamScript(100)
                .send("PUBLISH", "__sentinel__:hello", "10.0.0.1,26379,abc,0,mymaster,10.0.0.2,6379,7")
                .send("PUBLISH", "news", "1");
        assembler.begin(ORIGIN, 100, 0);
        feed(assembler, script.commands());
        assertThat(changes)
                .singleElement()
                .isInstanceOfSatisfying(
                        CommandChange.class,
                        change -> assertThat(change.command().args()[0])
                                .asString()
                                .isEqualTo("news"));
        assertThat(assembler.unitEnd()).isEqualTo(script.end());
    }

    @Test
    void leavesReservedKeysOut() throws Exception {
        StreamScript script = new StreamScript(0)
                .send("SET", "__millrace:checkpoint:1", "1")
                .send("MULTI")
                .send("SET", "a", "1")
                .send("SET", "__millrace:checkpoint:1", "2")
                .send("EXEC");
        assembler.begin(ORIGIN, 0, 0);
        feed(assembler, script.commands());
        assertThat(changes).singleElement().isInstanceOfSatisfying(CommandChange.class, change -> {
            assertThat(change.transaction().last()).isTrue();
            assertThat(change.offset()).isEqualTo(script.end());
        });
    }

    @Test
    void knowsTheDatabaseThatIsSelectedBehindABlock() throws Exception {
        StreamScript script = new StreamScript(0)
                .send("MULTI")
                .send("SELECT", "5")
                .send("SET", "a", "1")
                .send("SELECT", "2")
                .send("SET", "__millrace:checkpoint:1", "2")
                .send("EXEC");
        assembler.begin(ORIGIN, 0, 0);
        feed(assembler, script.commands());
        assertThat(changes).singleElement().isInstanceOfSatisfying(CommandChange.class, change -> {
            assertThat(change.db()).isEqualTo(5);
            assertThat(change.dbAfter()).isEqualTo(2);
        });
    }

    @Test
    void holdsABlockBackUpToALimit() throws Exception {
        StreamScript script = new StreamScript(0).send("MULTI");
        for (int i = 0; i < 10; i++) {
            script.send("SET", "key" + i, "x".repeat(1000));
        }
        UnitAssembler holding = assembler(changes, 5000);
        holding.begin(ORIGIN, 0, 0);
        feed(holding, script.commands().subList(0, 4));
        assertThat(changes).isEmpty();
        assertThat(holding.isTorn()).isFalse();
        feed(holding, script.commands().subList(4, 11));
        assertThat(changes).hasSizeBetween(4, 8);
        holding.lost();
        assertThat(holding.isTorn()).isTrue();
        holding.resume(ORIGIN, holding.unitEnd(), holding.unitEndDb());
        assertThatThrownBy(() -> feed(holding, new StreamScript(0).send("PING").commands()))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("not there any more");
        feed(holding, script.send("EXEC").commands());
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).transaction().index())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(holding.isTorn()).isFalse();
    }

    @Test
    void refusesWhatCannotStandThere() throws Exception {
        assembler.begin(ORIGIN, 50, 0);
        assertThatThrownBy(
                        () -> feed(assembler, new StreamScript(50).send("EXEC").commands()))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("offset 51")
                .hasMessageContaining("EXEC without MULTI");
        assembler.begin(ORIGIN, 50, 0);
        assertThatThrownBy(() -> feed(
                        assembler,
                        new StreamScript(50).send("MULTI").send("MULTI").commands()))
                .isInstanceOf(BrokenStreamException.class)
                .hasMessageContaining("begins at 51");
        assembler.begin(ORIGIN, 50, 0);
        assertThatThrownBy(() ->
                        feed(assembler, new StreamScript(50).send("SELECT", "x").commands()))
                .isInstanceOf(BrokenStreamException.class);
    }

    @Test
    void splitsACommandLargerThanARecordIntoOneBlock() throws Exception {
        StreamScript script = new StreamScript(0).send("SET", "a", "x".repeat(250_000), "PXAT", "1790000060000");
        assembler.begin(ORIGIN, 0, 0);
        feed(assembler, script.commands());
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).command().name())
                .containsExactly("SET", "APPEND", "APPEND");
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).transaction())
                .containsExactly(
                        new TransactionMark(1, 0, false),
                        new TransactionMark(1, 1, false),
                        new TransactionMark(1, 2, true));
        assertThat(changes)
                .extracting(c -> ((CommandChange) c).expireAt())
                .containsExactly(1790000060000L, Expiry.NONE, Expiry.NONE);
    }

    /** Any mix of units, pings and selections; cut anywhere and resumed, by the same process or another, it is the same. */
    @Property(tries = 300)
    void isTheSameWhereverItIsCut(@ForAll("streams") List<List<String>> units, @ForAll("seeds") long seed)
            throws Exception {
        StreamScript script = new StreamScript(1000);
        units.forEach(unit -> unit.forEach(command -> script.send(command.split(" "))));
        List<Change> whole = new ArrayList<>();
        UnitAssembler one = assembler(whole);
        one.begin(ORIGIN, 1000, 0);
        List<long[]> ends = new ArrayList<>();
        ends.add(new long[] {1000, 0, 0});
        boolean open = false;
        for (StreamScript.Sent sent : script.commands()) {
            one.command(sent.argv(), sent.first(), sent.last());
            String name = new String(sent.argv()[0], java.nio.charset.StandardCharsets.US_ASCII);
            open = name.equals("MULTI") || (open && !name.equals("EXEC"));
            long end = ends.get(ends.size() - 1)[0];
            assertThat(one.unitEnd()).isEqualTo(open ? end : sent.last());
            if (!open && whole.size() > ends.get(ends.size() - 1)[2]) {
                CommandChange last = (CommandChange) whole.get(whole.size() - 1);
                assertThat(last.offset()).isEqualTo(one.unitEnd());
                assertThat(last.dbAfter()).isEqualTo(one.unitEndDb());
            }
            if (!open) {
                ends.add(new long[] {one.unitEnd(), one.unitEndDb(), whole.size()});
            }
        }
        assertThat(one.unitEnd()).isEqualTo(script.end());

        for (long[] end : ends) {
            List<Change> rest = new ArrayList<>();
            UnitAssembler other = assembler(rest);
            other.begin(ORIGIN, end[0], (int) end[1]);
            feed(
                    other,
                    script.commands().stream().filter(c -> c.first() > end[0]).toList());
            assertThat(rest).isEqualTo(whole.subList((int) end[2], whole.size()));
        }

        List<Change> interrupted = new ArrayList<>();
        java.util.Random random = new java.util.Random(seed);
        UnitAssembler same = assembler(interrupted, random.nextInt(3) * 200);
        same.begin(ORIGIN, 1000, 0);
        int losses = 6;
        List<StreamScript.Sent> all = script.commands();
        for (int at = 0; at < all.size(); at++) {
            StreamScript.Sent sent = all.get(at);
            same.command(sent.argv(), sent.first(), sent.last());
            if (losses > 0 && random.nextInt(3) == 0) {
                losses--;
                same.lost();
                same.resume(ORIGIN, same.unitEnd(), same.unitEndDb());
                long from = same.unitEnd();
                at = (int) all.stream().filter(c -> c.last() <= from).count() - 1;
            }
        }
        assertThat(interrupted).isEqualTo(whole);
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Provide
    Arbitrary<List<List<String>>> streams() {
        Arbitrary<String> inner = Arbitraries.of(
                "SET a 1", "SELECT 1", "SELECT 0", "DEL a b", "PING", "INCR c", "SET __millrace:x 1", "mod.x 1 2");
        Arbitrary<List<String>> block = inner.list().ofMaxSize(5).map(list -> {
            List<String> all = new ArrayList<>(list);
            all.add(0, "MULTI");
            all.add("EXEC");
            return all;
        });
        Arbitrary<List<String>> single =
                Arbitraries.oneOf(inner, Arbitraries.just("REPLCONF GETACK *")).map(List::of);
        return Arbitraries.oneOf(single, block).list().ofMaxSize(20);
    }
}
