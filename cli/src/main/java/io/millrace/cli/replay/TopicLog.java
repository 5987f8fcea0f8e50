package io.millrace.cli.replay;

import io.millrace.cli.Failure;
import io.millrace.codec.SnapshotHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the log itself, without a consumer group and without decoding a value. Belongs to one thread. */
final class TopicLog implements LogSearch, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;

    TopicLog(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "none");
        config.put("allow.auto.create.topics", "false");
        config.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
        consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * The partitions of these topics and what they hold.
     *
     * @throws Failure when Kafka has not got one of them
     */
    Map<TopicPartition, LogRange> ranges(List<String> topics) {
        Map<TopicPartition, LogRange> ranges = new TreeMap<>(Partitions.ORDER);
        try {
            for (String topic : topics) {
                List<PartitionInfo> partitions = consumer.partitionsFor(topic);
                if (partitions == null || partitions.isEmpty()) {
                    throw new Failure("There is no topic " + topic
                            + " in Kafka, so there is no log to apply; check the sink's option topics.");
                }
                for (PartitionInfo partition : partitions) {
                    ranges.put(new TopicPartition(topic, partition.partition()), null);
                }
            }
            Map<TopicPartition, Long> first = consumer.beginningOffsets(ranges.keySet());
            Map<TopicPartition, Long> end = consumer.endOffsets(ranges.keySet());
            ranges.replaceAll((partition, range) -> new LogRange(first.get(partition), end.get(partition)));
            return ranges;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    @Override
    public Map<TopicPartition, Long> at(Map<TopicPartition, LogRange> ranges, Instant time) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        ranges.keySet().forEach(partition -> wanted.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>();
        try {
            for (Map.Entry<TopicPartition, OffsetAndTimestamp> entry :
                    consumer.offsetsForTimes(wanted).entrySet()) {
                if (entry.getValue() != null) {
                    found.put(entry.getKey(), entry.getValue().offset());
                }
            }
            return found;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    @Override
    public SnapshotList snapshots(
            TopicPartition partition, long from, long end, LongConsumer seen, BooleanSupplier stop) {
        SnapshotList snapshots = new SnapshotList();
        read(
                partition,
                from,
                end,
                stop,
                record -> {
                    for (Header header : record.headers().headers(SnapshotHeader.NAME)) {
                        SnapshotHeader.parse(header.value()).ifPresent(mark -> snapshots.add(mark, record.offset()));
                    }
                },
                seen);
        return snapshots;
    }

    /** The offset of the last record before this one, which need not be one less; empty where there is none. */
    Optional<Long> lastBefore(TopicPartition partition, LogRange range, long end) {
        long[] last = {-1};
        for (long step = 1; last[0] < 0 && end > range.first(); step *= 16) {
            long from = Math.max(range.first(), end - step);
            read(partition, from, end, () -> false, record -> last[0] = record.offset(), position -> {});
            if (from == range.first()) {
                break;
            }
        }
        return last[0] < 0 ? Optional.empty() : Optional.of(last[0]);
    }

    private void read(
            TopicPartition partition,
            long from,
            long end,
            BooleanSupplier stop,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each,
            LongConsumer seen) {
        try {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            while (consumer.position(partition) < end && !stop.getAsBoolean()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (record.offset() < end) {
                        each.accept(record);
                    }
                }
                seen.accept(Math.min(end, consumer.position(partition)) - from);
            }
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    private static Failure unreadable(KafkaException e) {
        return new Failure("The log cannot be read (" + e.getClass().getSimpleName() + ": "
                + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ")
                + "); check --bootstrap-servers and --kafka-config.");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
