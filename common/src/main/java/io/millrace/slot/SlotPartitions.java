package io.millrace.slot;

/**
 * How a cluster's slots are spread over the partitions of a topic: by ranges, so that a slot keeps its partition when it
 * moves between shards.
 *
 * @param count how many partitions the topic has, 1 to 16384
 */
public record SlotPartitions(int count) {

    public SlotPartitions {
        if (count < 1 || count > HashSlot.COUNT) {
            throw new IllegalArgumentException("not a number of partitions for 16384 slots: " + count);
        }
    }

    /** The partition of a slot. */
    public int of(int slot) {
        return slot * count / HashSlot.COUNT;
    }

    /** The slots of a partition, 0 to {@code count - 1}. */
    public SlotSet slots(int partition) {
        return SlotSet.range(first(partition), first(partition + 1) - 1);
    }

    /** The lowest slot of which {@link #of} gives at least this partition. */
    private int first(int partition) {
        return (partition * HashSlot.COUNT + count - 1) / count;
    }
}
