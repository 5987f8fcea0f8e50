package io.millrace.sink;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records are done, by partition. What may be committed ends before the first record that is not done, so before the
 * first part of an unfinished value and before the beginning of an unfinished transaction.
 *
 * <p>Connect's thread adds and asks; the thread that applies advances, and is the only one that looks into the tickets.
 */
final class OffsetLedger {

    private static final class Progress {
        private final ArrayDeque<RecordTicket> open = new ArrayDeque<>();
        private long accepted = -1;
        private long next = -1;
    }

    private final Map<TopicPartition, Progress> partitions = new HashMap<>();

    /** Notes a record; false when it was accepted before and is delivered once more. */
    synchronized boolean accept(RecordTicket ticket) {
        Progress progress = partitions.computeIfAbsent(
                new TopicPartition(ticket.topic(), ticket.partition()), partition -> new Progress());
        if (ticket.offset() <= progress.accepted) {
            return false;
        }
        progress.accepted = ticket.offset();
        progress.open.add(ticket);
        return true;
    }

    /** Looks which records are done by now. */
    synchronized void advance() {
        for (Progress progress : partitions.values()) {
            while (!progress.open.isEmpty() && progress.open.peek().isDone()) {
                progress.next = progress.open.remove().offset() + 1;
            }
        }
    }

    /** For each partition the offset of the first record that is not done; partitions where none is done are left out. */
    synchronized Map<TopicPartition, Long> committable() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, progress) -> {
            if (progress.next >= 0) {
                offsets.put(partition, progress.next);
            }
        });
        return offsets;
    }

    /** For each partition that something was accepted from, where delivery must begin to bring what is not done. */
    synchronized Map<TopicPartition, Long> resumePoints() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach((partition, progress) -> offsets.put(
                partition,
                progress.open.isEmpty() ? progress.next : progress.open.peek().offset()));
        return offsets;
    }
}
