package io.millrace.source.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Position;
import io.millrace.change.TransactionMark;
import io.millrace.codec.ChangeCodec;
import io.millrace.slot.SlotPartitions;
import io.millrace.slot.SlotSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of a shard whose changes are not all in one partition. Of the keys, x is in partition 3 and foo in 2 of 4. */
class DividedUnitTest {

    private static final String REPL_ID = "b".repeat(40);
    private static final Position START = new Position(1, REPL_ID, 1000, 0, false);
    private static final SlotPartitions PARTITIONS = new SlotPartitions(4);

    private final ChangeQueue queue = new ChangeQueue(100_000, 100_000_000);
    private final RunWriter writer = new RunWriter(queue);
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final ChangeCodec codec = new ChangeCodec();
    private final Publisher publisher = publisher(new Publisher.Style.Batch(10, 10_000));
    private int generation = 1;

    private Publisher publisher(Publisher.Style style) {
        acknowledgements.startAt(1, 1000);
        Lane lane = new Lane(Map.of("source", "s"), START, acknowledgements);
        return Publisher.ofShards(queue, style, "t", List.of(lane), PARTITIONS, null);
    }

    private Origin origin() {
        return new Origin("a", generation, REPL_ID, 5, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
    }

    private void keyed(String key, long offset, TransactionMark mark) throws InterruptedException {
        Command set = new Command("SET", new byte[][] {key.getBytes(StandardCharsets.UTF_8), {'1'}}, new int[] {0});
        writer.accept(new CommandChange(origin(), 0, offset, set, Expiry.NONE, mark, null));
    }

    private void keyless(String name, long offset, TransactionMark mark) throws InterruptedException {
        Command command = new Command(name, new byte[0][], new int[0]);
        writer.accept(new CommandChange(origin(), 0, offset, command, Expiry.NONE, mark, null).within(SlotSet.ALL));
    }

    private static TransactionMark tx(int index, boolean last) {
        return new TransactionMark(1001, index, last);
    }

    /** By partition, each change as {@code name index offset}, with a full stop where its transaction ends. */
    private Map<Integer, List<String>> poll(Publisher from) throws InterruptedException {
        Map<Integer, List<String>> all = new TreeMap<>();
        List<SourceRecord> records = from.poll(0);
        for (SourceRecord record : records == null ? List.<SourceRecord>of() : records) {
            for (Change change : codec.read(record.valueSchema(), record.value())) {
                all.computeIfAbsent(record.kafkaPartition(), p -> new ArrayList<>())
                        .add(text(change));
            }
        }
        return all;
    }

    private static String text(Change change) {
        if (!(change instanceof CommandChange command)) {
            return change.kind();
        }
        TransactionMark mark = command.transaction();
        return command.command().name()
                + (mark == null ? "" : " " + mark.index())
                + " " + command.offset()
                + (mark != null && mark.last() ? "." : "");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatHasNoKeyIsAWholeTransactionInEveryPartition(boolean batch) throws Exception {
        Publisher its = batch ? publisher : publisher(new Publisher.Style.Single());
        keyless("FLUSHALL", 1010, tx(0, false));
        keyed("x", 1020, tx(1, false));
        keyed("x", 1030, tx(2, true));
        writer.flush(1, 1030);
        assertThat(poll(its))
                .isEqualTo(Map.of(
                        0, List.of("FLUSHALL 0 1030."),
                        1, List.of("FLUSHALL 0 1030."),
                        2, List.of("FLUSHALL 0 1030."),
                        3, List.of("FLUSHALL 0 1010", "SET 1 1020", "SET 2 1030.")));
    }

    @Test
    void eachPartitionCountsForItself() throws Exception {
        keyed("x", 1010, tx(0, false));
        keyless("FLUSHALL", 1020, tx(1, false));
        keyed("foo", 1030, tx(2, false));
        keyless("FUNCTION", 1040, tx(3, false));
        keyed("x", 1050, tx(4, true));
        keyed("foo", 1060, null);
        writer.flush(1, 1060);
        List<String> others = List.of("FLUSHALL 0 1020", "FUNCTION 1 1050.");
        assertThat(poll(publisher))
                .isEqualTo(Map.of(
                        0,
                        others,
                        1,
                        others,
                        2,
                        List.of("FLUSHALL 0 1020", "SET 1 1030", "FUNCTION 2 1050.", "SET 1060"),
                        3,
                        List.of("SET 0 1010", "FLUSHALL 1 1020", "FUNCTION 2 1040", "SET 3 1050.")));
    }

    @Test
    void noPartitionHasAnEndBeforeTheUnitHasOne() throws Exception {
        keyed("foo", 1000, null);
        keyless("FLUSHALL", 1010, tx(0, false));
        keyed("x", 1020, tx(1, false));
        writer.flush(1, RunWriter.UNKNOWN);
        assertThat(poll(publisher)).isEqualTo(Map.of(2, List.of("SET 1000")));
        keyed("x", 1030, tx(2, true));
        writer.flush(1, 1030);
        List<SourceRecord> records = publisher.poll(0);
        assertThat(records).hasSize(4);
        assertThat(records)
                .extracting(record -> Position.fromMap(record.sourceOffset()).offset())
                .as("only the last says that the unit is complete")
                .containsExactly(1000L, 1000L, 1000L, 1030L);
    }

    @Test
    void aUnitWhoseRestIsLeftOutEndsWithTheNextChange() throws Exception {
        keyless("FUNCTION", 1010, tx(0, false));
        keyed("x", 1020, tx(1, false));
        keyed("x", 1040, null);
        writer.flush(1, 1040);
        assertThat(poll(publisher))
                .containsEntry(0, List.of("FUNCTION 0 1020."))
                .containsEntry(3, List.of("FUNCTION 0 1010", "SET 1 1020.", "SET 1040"));
    }

    @Test
    void whatIsOpenWhenANewCopyBeginsIsThrownAway() throws Exception {
        keyless("FUNCTION", 1010, tx(0, false));
        generation = 2;
        writer.accept(new Mark(origin(), 0, 2000, Mark.Meaning.SNAPSHOT_BEGIN, Map.of(), SlotSet.ALL));
        writer.flush(2, 2000);
        assertThat(poll(publisher)).containsEntry(0, List.of("snapshot_begin")).hasSize(4);
    }
}
