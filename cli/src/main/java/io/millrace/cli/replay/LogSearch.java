package io.millrace.cli.replay;

import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/** Finds places in a log. */
interface LogSearch {

    /** For each partition the offset of its first record at or after that time; left out where there is none. */
    Map<TopicPartition, Long> at(Map<TopicPartition, LogRange> ranges, Instant time);

    /**
     * Looks at every record of a partition for the marks of snapshots.
     *
     * @param from first offset to look at
     * @param end first offset not to look at
     * @param seen told now and then how many offsets have been passed
     * @param stop ends the search early
     */
    SnapshotList snapshots(TopicPartition partition, long from, long end, LongConsumer seen, BooleanSupplier stop);
}
