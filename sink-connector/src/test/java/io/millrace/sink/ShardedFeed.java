package io.millrace.sink;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.TransactionMark;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A source cluster of three shards, each with a third of the slots, that writes to a topic of four partitions. */
final class ShardedFeed extends Feed {

    static final int PARTITIONS = 4;
    static final int SHARDS = 3;

    private final Feed[] shards = new Feed[SHARDS];

    ShardedFeed() {
        super(1);
        for (int shard = 0; shard < SHARDS; shard++) {
            begin(shard, 1);
        }
    }

    /** A new generation of one shard. */
    void begin(int shard, int generation) {
        shards[shard] = new Feed("shard-" + shard, generation);
    }

    Feed shard(int number) {
        return shards[number];
    }

    static int shardOf(String key) {
        return HashSlot.of(Feed.bytes(key)) * SHARDS / HashSlot.COUNT;
    }

    static int partitionOf(byte[] key) {
        return HashSlot.of(key) * PARTITIONS / HashSlot.COUNT;
    }

    static SlotSet slotsOf(int shard) {
        return part(shard, SHARDS);
    }

    private static SlotSet part(int number, int of) {
        int first = (number * HashSlot.COUNT + of - 1) / of;
        int end = ((number + 1) * HashSlot.COUNT + of - 1) / of;
        return SlotSet.range(first, end - 1);
    }

    @Override
    public CommandChange command(TransactionMark mark, Object... words) {
        return shards[shardOf(words[1].toString())].command(mark, words);
    }

    @Override
    public List<Change> transaction(Object[]... commands) {
        return shards[shardOf(commands[0][1].toString())].transaction(commands);
    }

    /** The changes of keys by partition, in their order. */
    static Map<Integer, List<Change>> byPartition(List<Change> changes) {
        Map<Integer, List<Change>> partitions = new TreeMap<>();
        for (Change change : changes) {
            partitions
                    .computeIfAbsent(partitionOf(change.key()), number -> new ArrayList<>())
                    .add(change);
        }
        return partitions;
    }

    /** A command without a key, as it stands in each partition that the shard writes to. */
    static Map<Integer, List<Change>> everywhere(int shard, CommandChange change) {
        Map<Integer, List<Change>> partitions = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            SlotSet slots = slotsOf(shard).intersect(part(partition, PARTITIONS));
            if (!slots.isEmpty()) {
                partitions.put(partition, List.of(change.within(slots)));
            }
        }
        return partitions;
    }

    /** A mark as {@link #everywhere}. */
    static Map<Integer, List<Change>> everywhere(Mark mark, SlotSet concerned) {
        Map<Integer, List<Change>> partitions = new TreeMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            SlotSet slots = concerned.intersect(part(partition, PARTITIONS));
            if (!slots.isEmpty()) {
                partitions.put(partition, List.of(mark.within(slots)));
            }
        }
        return partitions;
    }
}
