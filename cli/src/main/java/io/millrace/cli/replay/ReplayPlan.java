package io.millrace.cli.replay;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * From where to where the log is applied again.
 *
 * @param from first offset of each partition
 * @param end first offset of each partition that is not part of it: the end of the log as it is now, or what was asked for
 * @param endsThere true when nothing at the end or after it may be applied
 * @param whole true when it begins with complete snapshots, so that it needs nothing at the target
 * @param description where it begins, for people
 */
record ReplayPlan(
        Map<TopicPartition, Long> from,
        Map<TopicPartition, Long> end,
        boolean endsThere,
        boolean whole,
        String description) {
    ReplayPlan {
        from = Map.copyOf(from);
        end = Map.copyOf(end);
    }

    /** Offsets from beginning to end. */
    long length() {
        return end.entrySet().stream()
                .mapToLong(entry -> entry.getValue() - from.get(entry.getKey()))
                .sum();
    }
}
