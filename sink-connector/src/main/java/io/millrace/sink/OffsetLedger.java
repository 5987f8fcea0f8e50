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

    /** The first record of a snapshot may stay open until its last, millions later: those between need not be kept. */
    private static final int CROWDED = 10_000;

    private static final class Progress {
        private final ArrayDeque<RecordTicket> open = new ArrayDeque<>();
        private long accepted = -1;
        private long next = -1;
        private final int least;
        private int crowded;

        Progress(int crowded) {
            this.least = crowded;
            this.crowded = crowded;
        }

        void advance() {
            boolean moved = false;
            while (!open.isEmpty() && open.peek().isDone()) {
                open.remove();
                moved = true;
            }
            if (moved) {
                next = open.isEmpty() ? accepted + 1 : open.peek().offset();
            }
            if (open.size() > crowded) {
                open.removeIf(RecordTicket::isDone);
                crowded = Math.max(least, open.size() * 2);
            }
        }
    }

    private final Map<TopicPartition, Progress> partitions = new HashMap<>();
    private final int crowded;

    OffsetLedger() {
        this(CROWDED);
    }

    /** @param crowded how many records wait behind an open one before those that are done are let go */
    OffsetLedger(int crowded) {
        this.crowded = crowded;
    }

    /** Notes a record; false when it was accepted before and is delivered once more. */
    synchronized boolean accept(RecordTicket ticket) {
        TopicPartition partition = new TopicPartition(ticket.topic(), ticket.partition());
        Progress progress = partitions.get(partition);
        if (progress == null) {
            progress = new Progress(crowded);
            partitions.put(partition, progress);
        }
        if (ticket.offset() <= progress.accepted) {
            return false;
        }
        progress.accepted = ticket.offset();
        progress.open.add(ticket);
        return true;
    }

    /** A partition is read from an offset on: what was accepted of it before does not count. */
    synchronized void restart(TopicPartition partition, long offset) {
        Progress progress = partitions.computeIfAbsent(partition, name -> new Progress(crowded));
        progress.open.clear();
        progress.accepted = offset - 1;
        progress.next = offset;
    }

    /** Looks which records are done by now. */
    synchronized void advance() {
        partitions.values().forEach(Progress::advance);
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

    /** The offset of the first record of a partition that is not done; -1 when nothing was accepted. */
    synchronized long firstOpen(TopicPartition partition) {
        Progress progress = partitions.get(partition);
        return progress == null
                ? -1
                : progress.open.isEmpty() ? progress.next : progress.open.peek().offset();
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
