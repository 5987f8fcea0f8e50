package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import io.millrace.cli.output.Quantity;
import io.millrace.cli.output.Terminal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.common.TopicPartition;

/** Finds the offsets that the options mean. Reads the log, changes nothing. Belongs to one thread. */
final class ReplayPlanner {
    private final LogSearch log;
    private final Map<TopicPartition, LogRange> ranges;
    private final Terminal terminal;
    private final BooleanSupplier stop;
    private long length;
    private long passed;

    ReplayPlanner(LogSearch log, Map<TopicPartition, LogRange> ranges, Terminal terminal, BooleanSupplier stop) {
        this.log = log;
        this.ranges = ranges;
        this.terminal = terminal;
        this.stop = stop;
    }

    /**
     * Chooses the offsets.
     *
     * @param from null for the newest complete snapshot
     * @param until null for the end of the log
     * @throws Failure when the log does not hold what is asked for
     */
    ReplayPlan plan(Moment from, Moment until) {
        Map<TopicPartition, Long> end = new HashMap<>();
        ranges.forEach((partition, range) -> end.put(partition, range.end()));
        if (until != null) {
            end.putAll(resolve(until));
        }
        ReplayPlan plan = from == null ? fromStart(end, until != null) : from(from, end, until != null);
        for (TopicPartition partition : ranges.keySet()) {
            if (plan.from().get(partition) > plan.end().get(partition)) {
                throw refused("The replay would begin at offset " + plan.from().get(partition) + " of " + partition
                        + " and end before it, at " + plan.end().get(partition) + "; choose a later end");
            }
        }
        if (plan.length() == 0) {
            throw refused("There is nothing in the log " + describe() + " from " + Partitions.text(plan.from())
                    + " on; choose an earlier place to go back to");
        }
        return plan;
    }

    private Map<TopicPartition, Long> resolve(Moment moment) {
        if (moment instanceof Moment.Time time) {
            Map<TopicPartition, Long> found = log.at(ranges, time.time());
            if (found.isEmpty()) {
                throw refused(time.option() + ": nothing in the log " + describe() + " was captured at " + time.time()
                        + " or later; choose an earlier time");
            }
            ranges.forEach((partition, range) -> found.putIfAbsent(partition, range.end()));
            return found;
        }
        Moment.Offsets offsets = (Moment.Offsets) moment;
        Map<TopicPartition, Long> found = offsets.in(ranges.keySet());
        found.forEach((partition, offset) -> {
            LogRange range = ranges.get(partition);
            if (!range.contains(offset)) {
                throw refused(offsets.option() + ": offset " + offset + " is not in the log, which holds "
                        + range.first() + " to " + range.end() + " of " + partition + "; choose one of those");
            }
        });
        return found;
    }

    private ReplayPlan from(Moment moment, Map<TopicPartition, Long> end, boolean endsThere) {
        Map<TopicPartition, Long> from = resolve(moment);
        measure(from, end);
        boolean whole = true;
        for (Map.Entry<TopicPartition, Long> entry : from.entrySet()) {
            long first = entry.getValue();
            long last = end.get(entry.getKey());
            if (first < last) {
                SnapshotList snapshots = search(entry.getKey(), first, last);
                whole = whole && (snapshots.beginsAt(first) || (first == 0 && snapshots.isWholeLog()));
            }
        }
        return new ReplayPlan(from, end, endsThere, whole, "offset " + Partitions.text(from));
    }

    private ReplayPlan fromStart(Map<TopicPartition, Long> end, boolean endsThere) {
        Map<TopicPartition, Long> from = new HashMap<>();
        StringBuilder description = new StringBuilder();
        Map<TopicPartition, Long> first = new HashMap<>();
        ranges.forEach((partition, range) -> first.put(partition, range.first()));
        measure(first, end);
        for (Map.Entry<TopicPartition, LogRange> entry : ranges.entrySet()) {
            TopicPartition partition = entry.getKey();
            LogRange range = entry.getValue();
            if (range.isEmpty()) {
                from.put(partition, range.first());
                continue;
            }
            SnapshotList snapshots = search(partition, range.first(), end.get(partition));
            Optional<Snapshot> newest = snapshots.newestBefore(end.get(partition));
            description.append(description.length() == 0 ? "" : ", ");
            if (newest.isPresent() && snapshots.shards() == 1) {
                from.put(partition, newest.get().begin());
                description
                        .append("the snapshot of generation ")
                        .append(newest.get().generation())
                        .append(" at offset ")
                        .append(Partitions.text(Map.of(partition, newest.get().begin())));
            } else if (range.first() == 0 && snapshots.isWholeLog()) {
                // The snapshots of several shards do not begin at one place; the log as a whole has them all.
                from.put(partition, 0L);
                description.append("the first record of ").append(partition);
            } else {
                throw noSnapshot(partition, range, end.get(partition), snapshots);
            }
        }
        return new ReplayPlan(from, end, endsThere, true, description.toString());
    }

    private static Failure noSnapshot(TopicPartition partition, LogRange range, long end, SnapshotList snapshots) {
        String what = snapshots.shards() > 1
                ? "the snapshots of " + snapshots.shards() + " shards, and not from its beginning on"
                : "no complete snapshot";
        return refused(
                "The log holds " + what + " between offsets " + range.first() + " and " + end + " of " + partition
                        + ", so that nothing can be rebuilt from it; let the source connector begin a new snapshot, by deleting its"
                        + " offsets");
    }

    private void measure(Map<TopicPartition, Long> from, Map<TopicPartition, Long> end) {
        passed = 0;
        length = Math.max(
                1,
                from.entrySet().stream()
                        .mapToLong(entry -> Math.max(0, end.get(entry.getKey()) - entry.getValue()))
                        .sum());
    }

    private SnapshotList search(TopicPartition partition, long from, long end) {
        long before = passed;
        LongConsumer seen = offsets -> {
            passed = before + offsets;
            if (terminal.interactive()) {
                terminal.redraw("looking for snapshots in the log  " + 100 * passed / length + "%  "
                        + Quantity.count(passed) + " records");
            }
        };
        SnapshotList found = log.snapshots(partition, from, end, seen, stop);
        if (terminal.interactive()) {
            terminal.endRedraw();
        }
        if (stop.getAsBoolean()) {
            throw new Failure(ExitStatus.INTERRUPTED, "Stopped while the log was searched; nothing was changed.");
        }
        return found;
    }

    private String describe() {
        return String.join(
                ",",
                ranges.keySet().stream().map(TopicPartition::topic).distinct().toList());
    }

    private static Failure refused(String sentence) {
        return new Failure(ExitStatus.REFUSED, sentence + ".");
    }
}
