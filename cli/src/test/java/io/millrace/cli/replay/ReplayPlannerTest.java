package io.millrace.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.output.Terminal;
import io.millrace.codec.SnapshotHeader;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReplayPlannerTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final TopicPartition P1 = new TopicPartition("t", 1);
    private static final Instant NOON = Instant.parse("2030-01-31T12:00:00Z");

    private final Map<TopicPartition, LogRange> ranges = new TreeMap<>(Partitions.ORDER);
    private final Map<TopicPartition, TreeMap<Long, SnapshotHeader>> marks = new HashMap<>();
    private final Map<Instant, Map<TopicPartition, Long>> times = new HashMap<>();

    private final class Log implements LogSearch {
        @Override
        public Map<TopicPartition, Long> at(Map<TopicPartition, LogRange> within, Instant time) {
            return new HashMap<>(times.getOrDefault(time, Map.of()));
        }

        @Override
        public SnapshotList snapshots(
                TopicPartition partition, long from, long end, LongConsumer seen, BooleanSupplier stop) {
            SnapshotList list = new SnapshotList();
            marks.getOrDefault(partition, new TreeMap<>())
                    .subMap(from, end)
                    .forEach((offset, mark) -> list.add(mark, offset));
            return list;
        }
    }

    private void mark(TopicPartition partition, long offset, boolean begins, int generation, String shard) {
        marks.computeIfAbsent(partition, p -> new TreeMap<>())
                .put(offset, new SnapshotHeader(begins, generation, shard));
    }

    private ReplayPlan plan(Moment from, Moment until) {
        Terminal silent = new Terminal(System.out, System.err, false, true);
        return new ReplayPlanner(new Log(), ranges, silent, () -> false).plan(from, until);
    }

    private void refused(Moment from, Moment until, String... parts) {
        assertThatThrownBy(() -> plan(from, until))
                .isInstanceOf(Failure.class)
                .hasMessageContainingAll(parts)
                .hasMessageEndingWith(".");
    }

    private static Moment offset(String text) {
        return Moment.of("--to-offset", text, null, null);
    }

    private static Moment time() {
        return new Moment.Time("--to-time", NOON);
    }

    private void threeSnapshotsTheLastOfThemUnfinished() {
        ranges.put(P0, new LogRange(5, 100));
        mark(P0, 10, true, 1, "0");
        mark(P0, 20, false, 1, "0");
        mark(P0, 40, true, 2, "0");
        mark(P0, 50, false, 2, "0");
        mark(P0, 80, true, 3, "0");
    }

    @Test
    void theStartIsWhereTheNewestCompleteSnapshotBegins() {
        threeSnapshotsTheLastOfThemUnfinished();
        ReplayPlan plan = plan(null, null);
        assertThat(plan.from()).isEqualTo(Map.of(P0, 40L));
        assertThat(plan.end()).isEqualTo(Map.of(P0, 100L));
        assertThat(plan.whole()).isTrue();
        assertThat(plan.endsThere()).isFalse();
        assertThat(plan.length()).isEqualTo(60);
        assertThat(plan.description()).contains("generation 2", "t-0:40");
    }

    @Test
    void anEarlierEndChoosesTheSnapshotBeforeIt() {
        threeSnapshotsTheLastOfThemUnfinished();
        assertThat(plan(null, offset("50")).from()).isEqualTo(Map.of(P0, 10L));
        assertThat(plan(null, offset("51")).from()).isEqualTo(Map.of(P0, 40L));
        assertThat(plan(null, offset("51")).endsThere()).isTrue();
        refused(null, offset("20"), "no complete snapshot", "5 and 20 of t-0", "begin a new snapshot");
    }

    @Test
    void onlyTheBeginningOfASnapshotIsWhole() {
        threeSnapshotsTheLastOfThemUnfinished();
        assertThat(plan(offset("40"), null).whole()).isTrue();
        assertThat(plan(offset("41"), null).whole()).isFalse();
        assertThat(plan(offset("80"), null).whole()).as("never finished").isFalse();
        assertThat(plan(offset("40"), offset("45")).whole()).as("cut").isFalse();
    }

    @Test
    void whatTheLogHasNotGotIsNamed() {
        threeSnapshotsTheLastOfThemUnfinished();
        refused(offset("4"), null, "--to-offset", "offset 4", "holds 5 to 100 of t-0");
        refused(offset("101"), null, "--to-offset", "offset 101", "holds 5 to 100 of t-0");
        refused(offset("100"), null, "nothing in the log t from t-0:100");
        refused(offset("60"), offset("50"), "offset 60", "at 50");
        refused(time(), null, "--to-time", "2030-01-31T12:00:00Z", "earlier time");
        refused(null, time(), "--to-time", "earlier time");
    }

    @Test
    void aTimeIsTheFirstRecordFromThenOn() {
        threeSnapshotsTheLastOfThemUnfinished();
        times.put(NOON, Map.of(P0, 60L));
        assertThat(plan(time(), null).from()).isEqualTo(Map.of(P0, 60L));
        assertThat(plan(null, time()).end()).isEqualTo(Map.of(P0, 60L));
    }

    @Test
    void everyPartitionHasItsOwnStart() {
        threeSnapshotsTheLastOfThemUnfinished();
        ranges.put(P1, new LogRange(0, 30));
        mark(P1, 3, true, 7, "1");
        mark(P1, 9, false, 7, "1");
        assertThat(plan(null, null).from()).isEqualTo(Map.of(P0, 40L, P1, 3L));
        assertThat(plan(offset("0:40,1:3"), null).whole()).isTrue();
        refused(offset("40"), null, "2 partitions", "PARTITION:OFFSET");
        refused(offset("0:40"), null, "partition 1", "PARTITION:OFFSET");
        times.put(NOON, Map.of(P1, 20L));
        assertThat(plan(null, time()).end())
                .as("a partition without later records")
                .containsEntry(P0, 100L);
    }

    @Test
    void snapshotsOfSeveralShardsInOnePartitionNeedTheWholeLog() {
        ranges.put(P0, new LogRange(0, 100));
        mark(P0, 0, true, 1, "a");
        mark(P0, 1, true, 1, "b");
        mark(P0, 5, false, 1, "b");
        mark(P0, 6, false, 1, "a");
        mark(P0, 50, true, 2, "a");
        mark(P0, 60, false, 2, "a");
        assertThat(plan(null, null).from()).isEqualTo(Map.of(P0, 0L));
        refused(null, offset("6"), "2 shards");
        ranges.put(P0, new LogRange(1, 100));
        refused(null, null, "2 shards");
    }

    @Test
    void aLogWithoutMarksIsTakenFromItsVeryFirstRecordOnly() {
        ranges.put(P0, new LogRange(0, 100));
        assertThat(plan(null, null).from()).isEqualTo(Map.of(P0, 0L));
        ranges.put(P0, new LogRange(1, 100));
        refused(null, null, "no complete snapshot", "1 and 100");
    }

    @Test
    void anEmptyLogHasNothing() {
        ranges.put(P0, new LogRange(7, 7));
        refused(null, null, "nothing in the log");
    }

    @Test
    void textsThatAreNoPlaceAreNamed() {
        for (String text : new String[] {"", "x", "-1", "1:2:3", "0:1,0:2", "1,0:2", "0:"}) {
            assertThatThrownBy(() -> offset(text))
                    .isInstanceOf(Failure.class)
                    .extracting(e -> ((Failure) e).status())
                    .isEqualTo(ExitStatus.USAGE);
        }
        assertThatThrownBy(() -> Moment.of("--to-offset", null, "--to-time", "noon"))
                .hasMessageContainingAll("--to-time", "noon", "2030-01-31T12:00:00Z");
        assertThat(Moment.of("", null, "--to-time", "2030-01-31T13:00:00+01:00"))
                .isEqualTo(time());
    }
}
