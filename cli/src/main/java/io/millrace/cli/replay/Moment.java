package io.millrace.cli.replay;

import io.millrace.cli.ExitStatus;
import io.millrace.cli.Failure;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** A place in the log as an option names it. */
sealed interface Moment {

    /** A time of capture. */
    record Time(String option, Instant time) implements Moment {}

    /** Offsets by partition number; one without a number for the one partition of a topic is under -1. */
    record Offsets(String option, Map<Integer, Long> offsets) implements Moment {

        static final int ONLY = -1;

        /**
         * The offset in each partition.
         *
         * @throws Failure when they do not fit the partitions of the topic
         */
        Map<TopicPartition, Long> in(Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> found = new HashMap<>();
            for (TopicPartition partition : partitions) {
                Long offset = offsets.get(offsets.containsKey(ONLY) ? ONLY : partition.partition());
                if (offset == null) {
                    throw new Failure(
                            ExitStatus.USAGE,
                            option + " has no offset for partition " + partition.partition() + " of topic "
                                    + partition.topic() + "; give one for each, as PARTITION:OFFSET,...");
                }
                found.put(partition, offset);
            }
            if (partitions.size() > 1 && offsets.containsKey(ONLY)) {
                throw new Failure(
                        ExitStatus.USAGE,
                        option + " is one offset and the log has " + partitions.size()
                                + " partitions; give one for each, as PARTITION:OFFSET,..., or a time.");
            }
            return found;
        }
    }

    /** Exactly one of the two texts is not null. */
    static Moment of(String offsetOption, String offset, String timeOption, String time) {
        return offset == null ? time(timeOption, time) : offsets(offsetOption, offset);
    }

    private static Time time(String option, String text) {
        try {
            return new Time(option, OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeParseException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + ": '" + text + "' is not a time with its offset from UTC; write it as in"
                            + " 2030-01-31T12:00:00Z or 2030-01-31T13:00:00+01:00.");
        }
    }

    private static Offsets offsets(String option, String text) {
        Map<Integer, Long> offsets = new HashMap<>();
        try {
            for (String entry : text.split(",", -1)) {
                int colon = entry.indexOf(':');
                int partition = colon < 0
                        ? Offsets.ONLY
                        : Integer.parseUnsignedInt(entry.substring(0, colon).strip());
                long offset = Long.parseUnsignedLong(entry.substring(colon + 1).strip());
                if (offset < 0 || offsets.put(partition, offset) != null) {
                    throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException e) {
            throw new Failure(
                    ExitStatus.USAGE,
                    option + ": '" + text + "' is not an offset; write a number, or PARTITION:OFFSET,... for several"
                            + " partitions.");
        }
        if (offsets.size() > 1 && offsets.containsKey(Offsets.ONLY)) {
            throw new Failure(ExitStatus.USAGE, option + ": '" + text + "' names a partition for some offsets only.");
        }
        return new Offsets(option, Map.copyOf(offsets));
    }
}
