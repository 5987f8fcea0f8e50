package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Expiry;
import io.millrace.change.Mark;
import io.millrace.change.TransactionMark;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source cluster sends: several shards in each partition, several partitions in each task, two tasks side by side. */
class ShardsSinkTest {

    private static final String LIBRARY = "#!lua name=lib%d\nredis.register_function('f%d', function() return 1 end)";

    private static LocalCluster cluster;
    private static LocalServer single;

    private final ShardedFeed feed = new ShardedFeed();
    private final List<SinkDriver> sinks = new ArrayList<>();
    private List<LocalServer> destination;

    @BeforeAll
    static void startServers() {
        cluster = LocalCluster.of(ServerVersion.standard()).masters(2).start();
        single = LocalServer.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopServers() {
        cluster.close();
        single.close();
    }

    @AfterEach
    void close() {
        sinks.forEach(SinkDriver::close);
    }

    private void start(boolean toCluster) {
        destination = toCluster ? cluster.masters() : List.of(single);
        for (LocalServer node : destination) {
            node.command("FLUSHALL");
            node.command("FUNCTION", "FLUSH");
        }
        for (int task = 0; task < 2; task++) {
            Map<String, String> properties = toCluster ? SinkDriver.to(cluster) : SinkDriver.to(single);
            properties.put("millrace.task", Integer.toString(task));
            sinks.add(new SinkDriver(properties, false, 2 * task, 2 * task + 1));
        }
    }

    private void send(Map<Integer, List<Change>> changes, int perRecord) {
        changes.forEach((partition, some) -> sinks.get(partition / 2).send(partition, some, perRecord));
    }

    private void awaitApplied() {
        sinks.forEach(SinkDriver::awaitApplied);
    }

    private void everyShard(Object... words) {
        for (int shard = 0; shard < ShardedFeed.SHARDS; shard++) {
            send(ShardedFeed.everywhere(shard, feed.shard(shard).command(words)), 1);
        }
    }

    private void flush(OnceWorkload work, int shard) {
        work.forget(ShardedFeed.slotsOf(shard));
        send(ShardedFeed.everywhere(shard, feed.shard(shard).command("FLUSHALL")), 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoTasksApplyEverythingOnceAndAFlushTakesTheSlotsOfItsShardAlone(boolean toCluster) throws IOException {
        start(toCluster);
        OnceWorkload work = new OnceWorkload(feed, 5, 300);
        Random random = new Random(17);
        for (int round = 0; round < 8; round++) {
            send(ShardedFeed.byPartition(work.next(800)), 1 + random.nextInt(20));
            everyShard("FUNCTION", "LOAD", LIBRARY.formatted(round, round));
            if (round % 2 == 1) {
                flush(work, random.nextInt(ShardedFeed.SHARDS));
                everyShard("FUNCTION", "DELETE", "lib" + (round - 1));
            }
            send(ShardedFeed.byPartition(work.next(800)), 1 + random.nextInt(20));
            switch (round % 4) {
                case 0 -> destination.forEach(node -> node.command("CLIENT", "KILL", "TYPE", "normal"));
                case 1 -> {
                    SinkDriver sink = sinks.get(round / 4);
                    sink.crash();
                    sink.committed(0);
                    sink.restart();
                    sink.pump();
                }
                default -> {
                    // undisturbed
                }
            }
        }
        awaitApplied();
        work.assertIn(destination);
        for (LocalServer node : destination) {
            assertThat((List<?>) node.command("FUNCTION", "LIST")).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFlushInATransactionStaysInItsPlace(boolean toCluster) throws IOException {
        start(toCluster);
        String key = "k";
        int shard = ShardedFeed.shardOf(key);
        Feed its = feed.shard(shard);
        OnceWorkload work = new OnceWorkload(feed, 6, 100);
        send(ShardedFeed.byPartition(work.next(500)), 10);
        long id = its.offset() + 1;
        Change before = its.command(new TransactionMark(id, 0, false), "SET", key, "before");
        CommandChange flush = its.command(new TransactionMark(id, 1, false), "FLUSHDB");
        Change after = its.command(new TransactionMark(id, 2, false), "APPEND", key, "1");
        Change last = its.command(new TransactionMark(id, 3, true), "APPEND", key, "2");
        int partition = ShardedFeed.partitionOf(Feed.bytes(key));
        CommandChange here = (CommandChange)
                ShardedFeed.everywhere(shard, flush).get(partition).get(0);
        work.forget(here.slots());
        send(Map.of(partition, List.of(before, here, after, last)), 1);
        awaitApplied();
        work.expect(key, "12");
        work.assertIn(destination);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsForAllNodesStaysInItsPlaceInATransaction(boolean toCluster) throws IOException {
        start(toCluster);
        String key = "k";
        int shard = ShardedFeed.shardOf(key);
        Feed its = feed.shard(shard);
        OnceWorkload work = new OnceWorkload(feed, 8, 100);
        send(ShardedFeed.byPartition(work.next(300)), 10);
        int home = ShardedFeed.partitionOf(Feed.bytes(key));
        long id = its.offset() + 1;
        Object[] load = {"FUNCTION", "LOAD", LIBRARY.formatted(1, 1)};
        Object[] flush = {"FUNCTION", "FLUSH"};
        Object[] again = {"FUNCTION", "LOAD", LIBRARY.formatted(2, 2)};
        Map<Integer, List<Change>> sent = new TreeMap<>();
        Change first = its.command(new TransactionMark(id, 0, false), "SET", key, "1");
        List<CommandChange> keyless = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            keyless.add(its.command(
                    new TransactionMark(id, i + 1, false),
                    List.of(load, flush, again).get(i)));
        }
        Change last = its.command(new TransactionMark(id, 4, true), "APPEND", key, "2");
        for (int i = 0; i < 3; i++) {
            ShardedFeed.everywhere(shard, keyless.get(i)).forEach((partition, changes) -> {
                List<Change> part = sent.computeIfAbsent(partition, p -> new ArrayList<>());
                CommandChange change = (CommandChange) changes.get(0);
                boolean ends = partition != home && part.size() == 2;
                CommandChange placed = change.within(
                        new TransactionMark(id, partition == home ? part.size() + 1 : part.size(), false));
                part.add(ends ? placed.asLast(last.offset(), 0) : placed);
            });
        }
        sent.get(home).add(0, first);
        sent.get(home).add(last);
        assertThat(sent).hasSizeGreaterThan(1);
        send(sent, 1);
        send(ShardedFeed.byPartition(work.next(300)), 10);
        awaitApplied();
        work.expect(key, "12");
        work.assertIn(destination);
        for (LocalServer node : destination) {
            assertThat((List<?>) node.command("FUNCTION", "LIST", "LIBRARYNAME", "lib2"))
                    .hasSize(1);
            assertThat((List<?>) node.command("FUNCTION", "LIST")).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ghostsAreLookedForInTheSlotsOfTheSnapshotAlone(boolean toCluster) {
        start(toCluster);
        List<String> names = IntStream.range(0, 600).mapToObj(n -> "key" + n).toList();
        for (int shard = 0; shard < ShardedFeed.SHARDS; shard++) {
            snapshot(shard, ShardedFeed.slotsOf(shard), of(names, shard));
        }
        awaitApplied();
        assertThat(keys()).containsExactlyElementsOf(new TreeSet<>(names));

        // Shard 1 was not listened to while it lost two thirds of its keys.
        feed.begin(1, 2);
        List<String> left =
                of(names, 1).stream().filter(n -> n.hashCode() % 3 == 0).toList();
        snapshot(1, ShardedFeed.slotsOf(1), left);
        Set<String> expected = new TreeSet<>(of(names, 0));
        expected.addAll(of(names, 2));
        expected.addAll(left);
        awaitApplied();
        assertThat(keys()).containsExactlyElementsOf(expected);

        // A tenth of shard 0 has gone to shard 2, which never had it before, and some keys with it.
        SlotSet gone = SlotSet.range(0, 500);
        List<String> moved = of(names, 0).stream()
                .filter(n -> gone.contains(HashSlot.of(Feed.bytes(n))))
                .toList();
        assertThat(moved.size()).isGreaterThan(3);
        feed.begin(2, 2);
        List<String> now = new ArrayList<>(of(names, 2));
        now.addAll(moved.subList(0, 2));
        snapshot(2, ShardedFeed.slotsOf(2).union(gone), now);
        expected.removeAll(moved.subList(2, moved.size()));
        awaitApplied();
        assertThat(keys()).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAnotherShardWritesIntoTheSlotsOfASnapshotIsNoGhost(boolean toCluster) {
        start(toCluster);
        snapshot(0, ShardedFeed.slotsOf(0), List.of());
        feed.begin(0, 2);
        Mark begin = feed.shard(0).mark(Mark.Meaning.SNAPSHOT_BEGIN);
        Mark end = feed.shard(0).mark(Mark.Meaning.SNAPSHOT_END);
        send(ShardedFeed.everywhere(begin, ShardedFeed.slotsOf(0)), 1);
        String key = IntStream.range(0, 100)
                .mapToObj(n -> "key" + n)
                .filter(n -> ShardedFeed.shardOf(n) == 0)
                .findFirst()
                .orElseThrow();
        send(ShardedFeed.byPartition(List.of(feed.shard(1).command("RPUSH", key, "1"))), 1);
        send(ShardedFeed.everywhere(end, ShardedFeed.slotsOf(0)), 1);
        awaitApplied();
        assertThat(keys()).containsExactly(key);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlotThatAnotherShardHasClaimedIsNotSearched(boolean toCluster) {
        start(toCluster);
        List<String> names = of(IntStream.range(0, 200).mapToObj(n -> "key" + n).toList(), 0);
        SlotSet claimed = SlotSet.range(0, 2000);
        List<String> kept = names.stream()
                .filter(n -> claimed.contains(HashSlot.of(Feed.bytes(n))))
                .toList();
        assertThat(kept).isNotEmpty().hasSizeLessThan(names.size());
        snapshot(0, ShardedFeed.slotsOf(0), names);
        feed.begin(0, 2);
        Mark begin = feed.shard(0).mark(Mark.Meaning.SNAPSHOT_BEGIN);
        Mark claim = feed.shard(1).mark(Mark.Meaning.TOPOLOGY);
        Mark end = feed.shard(0).mark(Mark.Meaning.SNAPSHOT_END);
        send(ShardedFeed.everywhere(begin, ShardedFeed.slotsOf(0)), 1);
        send(ShardedFeed.everywhere(claim, claimed), 1);
        send(ShardedFeed.everywhere(end, ShardedFeed.slotsOf(0)), 1);
        awaitApplied();
        assertThat(keys()).containsExactlyElementsOf(new TreeSet<>(kept));
    }

    private void snapshot(int shard, SlotSet slots, List<String> keys) {
        Feed its = feed.shard(shard);
        send(ShardedFeed.everywhere(its.mark(Mark.Meaning.SNAPSHOT_BEGIN), slots), 1);
        List<Change> entries = new ArrayList<>();
        keys.forEach(key -> entries.add(its.typed(key, new Value.StringValue(Feed.bytes(key)), Expiry.NONE)));
        send(ShardedFeed.byPartition(entries), 20);
        send(ShardedFeed.everywhere(its.mark(Mark.Meaning.SNAPSHOT_END), slots), 1);
    }

    private static List<String> of(List<String> names, int shard) {
        return names.stream().filter(n -> ShardedFeed.shardOf(n) == shard).toList();
    }

    private Set<String> keys() {
        Set<String> names = new TreeSet<>();
        for (LocalServer node : destination) {
            for (Object key : (List<?>) node.command("KEYS", "*")) {
                names.add(new String((byte[]) key, StandardCharsets.UTF_8));
            }
        }
        names.removeIf(name -> name.startsWith("__millrace:"));
        return names;
    }
}
