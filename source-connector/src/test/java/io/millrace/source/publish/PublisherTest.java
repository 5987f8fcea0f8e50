package io.millrace.source.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Command;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.Origin;
import io.millrace.change.Position;
import io.millrace.change.TransactionMark;
import io.millrace.codec.ChangeCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private static final String REPL_ID = "b".repeat(40);
    private static final Origin ORIGIN = origin(1);
    private static final Position START = new Position(1, REPL_ID, 1000, 0, false);
    private static final Publisher.Style BATCH = new Publisher.Style.Batch(10, 10_000);

    private final ChangeQueue queue = new ChangeQueue(100_000, 100_000_000);
    private final RunWriter writer = new RunWriter(queue);
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final ChangeCodec codec = new ChangeCodec();

    private static Origin origin(int generation) {
        return new Origin("0", generation, REPL_ID, 5, Origin.UNKNOWN, Origin.UNKNOWN, Map.of());
    }

    private static CommandChange command(long offset, TransactionMark mark) {
        Command set = new Command("SET", new byte[][] {{'a'}, {'1'}}, new int[] {0});
        return new CommandChange(ORIGIN, 3, offset, set, Expiry.NONE, mark, null);
    }

    private Publisher publisher(Publisher.Style style) {
        return publisher(style, null);
    }

    private Publisher publisher(Publisher.Style style, TransactionContext transactions) {
        acknowledgements.startAt(1, 1000);
        return new Publisher(queue, style, "t", Map.of("source", "s"), START, acknowledgements, transactions);
    }

    private List<SourceRecord> poll(Publisher publisher) throws InterruptedException {
        List<SourceRecord> records = publisher.poll(0);
        return records == null ? List.of() : records;
    }

    private static Position position(SourceRecord record) {
        return Position.fromMap(record.sourceOffset());
    }

    private List<List<Change>> changes(List<SourceRecord> records) {
        return records.stream().map(r -> codec.read(r.valueSchema(), r.value())).toList();
    }

    @Test
    void storesThePositionOfTheLastCompleteUnit() throws Exception {
        Publisher publisher = publisher(new Publisher.Style.Single());
        writer.accept(command(1010, null));
        writer.accept(command(1020, new TransactionMark(1011, 0, false)));
        writer.accept(command(1040, new TransactionMark(1011, 1, true)));
        writer.flush(1, 1040);

        List<SourceRecord> records = poll(publisher);
        assertThat(records).extracting(r -> position(r).offset()).containsExactly(1010L, 1010L, 1040L);
        assertThat(position(records.get(2))).isEqualTo(new Position(1, REPL_ID, 1040, 3, false));
        assertThat(records).extracting(SourceRecord::kafkaPartition).containsOnly(0);
    }

    @Test
    void saysOfASnapshotThatItCannotBeContinued() throws Exception {
        Publisher publisher = publisher(new Publisher.Style.Single());
        writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.SNAPSHOT_BEGIN, Map.of()));
        writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.SNAPSHOT_END, Map.of()));
        writer.flush(2, 7);
        List<SourceRecord> records = poll(publisher);
        assertThat(records)
                .extracting(PublisherTest::position)
                .containsExactly(new Position(2, REPL_ID, 7, 0, true), new Position(2, REPL_ID, 7, 0, false));
        publisher.acknowledged(records.get(0));
        assertThat(acknowledgements.acknowledged(2))
                .as("nothing of a snapshot before its end")
                .isZero();
        publisher.acknowledged(records.get(1));
        assertThat(acknowledgements.acknowledged(2)).isEqualTo(7);
        assertThat(acknowledgements.acknowledged(1)).isZero();
    }

    @Test
    void recordsInWhichASnapshotBeginsOrEndsSayItInAHeader() throws Exception {
        for (Publisher.Style style : List.of(new Publisher.Style.Single(), BATCH)) {
            Publisher publisher = publisher(style);
            writer.accept(command(1010, null));
            writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.SNAPSHOT_BEGIN, Map.of()));
            writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.SNAPSHOT_END, Map.of()));
            writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.HEARTBEAT, Map.of()));
            writer.flush(2, 7);
            List<SourceRecord> records = poll(publisher);
            assertThat(headers(records)).containsExactly("begin generation=2 shard=0", "end generation=2 shard=0");
            assertThat(headers(records.subList(0, 1))).isEmpty();
            assertThat(headers(records.subList(1, 2))).first().isEqualTo("begin generation=2 shard=0");
        }
    }

    private static List<Object> headers(List<SourceRecord> records) {
        List<Object> values = new ArrayList<>();
        for (SourceRecord record : records) {
            record.headers().forEach(header -> values.add(header.value()));
        }
        return values;
    }

    @Test
    void acknowledgesWithoutGaps() throws Exception {
        Publisher publisher = publisher(new Publisher.Style.Single());
        for (int i = 1; i <= 4; i++) {
            writer.accept(command(1000 + 10 * i, null));
        }
        writer.flush(1, 1050);
        List<SourceRecord> records = poll(publisher);
        publisher.acknowledged(records.get(2));
        publisher.acknowledged(records.get(1));
        assertThat(acknowledgements.acknowledged(1)).isEqualTo(1000);
        publisher.acknowledged(records.get(0));
        assertThat(acknowledgements.acknowledged(1)).isEqualTo(1030);
        publisher.acknowledged(records.get(3));
        assertThat(acknowledgements.acknowledged(1))
                .as("what needs no record follows")
                .isEqualTo(1050);
        writer.flush(1, 1064);
        assertThat(poll(publisher)).isEmpty();
        assertThat(acknowledgements.acknowledged(1)).isEqualTo(1064);
    }

    @Test
    void batchesWholeUnits() throws Exception {
        Publisher publisher = publisher(BATCH);
        for (int i = 1; i <= 7; i++) {
            writer.accept(command(1000 + i, null));
        }
        for (int i = 0; i < 5; i++) {
            writer.accept(command(1010 + i, new TransactionMark(1008, i, i == 4)));
        }
        writer.flush(1, 1014);
        List<SourceRecord> records = poll(publisher);
        assertThat(changes(records)).extracting(List::size).containsExactly(7, 5);
        assertThat(records).extracting(r -> position(r).offset()).containsExactly(1007L, 1014L);
        assertThat(records).allSatisfy(r -> assertThat(r.keySchema()).isNull());
    }

    @Test
    void holdsAnUnfinishedUnitBackAndSpreadsALargeOne() throws Exception {
        Publisher publisher = publisher(BATCH);
        writer.accept(command(1001, null));
        writer.accept(command(1010, new TransactionMark(1002, 0, false)));
        writer.flush(1, 1001);
        assertThat(changes(poll(publisher))).extracting(List::size).containsExactly(1);
        for (int i = 1; i < 25; i++) {
            writer.accept(command(1010 + i, new TransactionMark(1002, i, i == 24)));
        }
        writer.flush(1, 1034);
        List<SourceRecord> records = poll(publisher);
        assertThat(changes(records)).extracting(List::size).containsExactly(10, 10, 5);
        assertThat(records).extracting(r -> position(r).offset()).containsExactly(1001L, 1001L, 1034L);
    }

    @Test
    void keepsGenerationsApart() throws Exception {
        Publisher publisher = publisher(BATCH);
        writer.accept(command(1001, null));
        writer.accept(command(1010, new TransactionMark(1002, 0, false)));
        writer.accept(new Mark(origin(2), 0, 7, Mark.Meaning.SNAPSHOT_BEGIN, Map.of()));
        writer.flush(2, RunWriter.UNKNOWN);
        assertThat(changes(poll(publisher)))
                .extracting(c -> c.get(0).origin().generation())
                .containsExactly(1, 1, 2);
    }

    @Test
    void endsKafkaTransactionsWithUnits() throws Exception {
        List<SourceRecord> ends = new ArrayList<>();
        Publisher publisher = publisher(new Publisher.Style.Single(), new TransactionContext() {
            @Override
            public void commitTransaction() {
                throw new AssertionError("splits units");
            }

            @Override
            public void commitTransaction(SourceRecord record) {
                ends.add(record);
            }

            @Override
            public void abortTransaction() {
                throw new AssertionError("loses records");
            }

            @Override
            public void abortTransaction(SourceRecord record) {
                throw new AssertionError("loses records");
            }
        });
        writer.accept(command(1001, null));
        writer.accept(command(1010, new TransactionMark(1002, 0, false)));
        writer.flush(1, 1001);
        List<SourceRecord> first = poll(publisher);
        assertThat(first).hasSize(1).isEqualTo(ends);
        writer.accept(command(1020, new TransactionMark(1002, 1, true)));
        writer.flush(1, 1020);
        assertThat(poll(publisher)).hasSize(2).endsWith(ends.get(1));
        assertThat(ends).hasSize(2);
    }

    @Test
    void endsAPollWithAUnitUnlessThatIsTooLarge() throws Exception {
        Publisher publisher = publisher(new Publisher.Style.Single());
        int index = 0;
        int returned = 0;
        while (returned == 0 && index < 100) {
            Command large = new Command("SET", new byte[][] {{'a'}, new byte[1024 * 1024]}, new int[] {0});
            TransactionMark mark = new TransactionMark(1002, index++, false);
            writer.accept(new CommandChange(ORIGIN, 3, 1002 + index, large, Expiry.NONE, mark, null));
            writer.flush(1, 1001);
            returned = poll(publisher).size();
        }
        assertThat(index).isEqualTo(returned).isBetween(15, 17);
        writer.accept(command(2000, new TransactionMark(1002, index, true)));
        writer.accept(command(2010, new TransactionMark(2001, 0, false)));
        writer.flush(1, 2000);
        assertThat(poll(publisher)).hasSize(1);
        writer.accept(command(2020, new TransactionMark(2001, 1, true)));
        writer.flush(1, 2020);
        assertThat(poll(publisher)).hasSize(2);
    }

    @Test
    void passesTheReadersFailureOnAfterWhatWasRead() throws Exception {
        Publisher publisher = publisher(new Publisher.Style.Single());
        writer.accept(command(1001, null));
        writer.flush(1, 1001);
        queue.fail(new IllegalStateException("the reader's"));
        assertThat(poll(publisher)).hasSize(1);
        assertThatThrownBy(() -> publisher.poll(0)).hasMessage("the reader's");
    }

    @Test
    void holdsTheReaderBack() throws Exception {
        ChangeQueue small = new ChangeQueue(1_000_000, 2_000);
        RunWriter out = new RunWriter(small);
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < 10; i++) {
                    out.accept(command(1000 + i, null));
                    out.flush(1, 1000 + i);
                }
            } catch (InterruptedException e) {
                ended.set(e);
            }
        });
        reader.start();
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(small.bytes()).isBetween(1_000L, 2_000L);
        long before = small.changes();
        assertThat(small.take(0).changes()).hasSize(1);
        assertThat(before).isLessThan(10);
        small.close();
        reader.join();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }

    /** Whatever the mix, the acknowledged offset is that of the last unit before the first record not yet acknowledged. */
    @Property(tries = 200)
    void acknowledgesTheContiguousPrefix(@ForAll @IntRange(min = 1, max = 60) int count, @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        Publisher publisher = publisher(random.nextBoolean() ? BATCH : new Publisher.Style.Single());
        long offset = 1000;
        long id = -1;
        int index = 0;
        for (int i = 0; i < count; i++) {
            offset += 10;
            boolean block = id >= 0 || random.nextInt(3) == 0;
            if (block) {
                id = id < 0 ? offset - 9 : id;
                boolean last = i == count - 1 || random.nextInt(4) == 0;
                writer.accept(command(offset, new TransactionMark(id, index++, last)));
                if (last) {
                    id = -1;
                    index = 0;
                }
            } else {
                writer.accept(command(offset, null));
            }
        }
        writer.flush(1, offset);
        List<SourceRecord> records = poll(publisher);
        assertThat(changes(records).stream().mapToInt(List::size).sum()).isEqualTo(count);
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, records.size()).boxed().toList());
        java.util.Collections.shuffle(order, random);
        boolean[] done = new boolean[records.size()];
        for (int each : order) {
            publisher.acknowledged(records.get(each));
            done[each] = true;
            int prefix = 0;
            while (prefix < done.length && done[prefix]) {
                prefix++;
            }
            long expected =
                    prefix == 0 ? 1000 : position(records.get(prefix - 1)).offset();
            assertThat(acknowledgements.acknowledged(1)).isEqualTo(expected);
        }
        assertThat(acknowledgements.acknowledged(1)).isEqualTo(offset);
    }
}
