package io.millrace.cli.migration;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks Kafka how long the log is and how much of it the sink has committed. Belongs to one thread. */
final class LogWatch implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 10;

    private final Admin admin;
    private final String topic;
    private final String group;

    /**
     * @param end records ever written to the topic
     * @param applied records that the sink has committed
     * @param bytes size of the log on disk; 0 where the user may not ask
     * @param ends {@code end} of each partition
     * @param committed {@code applied} of each partition; one without is at 0
     */
    record Reading(long end, long applied, long bytes, Map<Integer, Long> ends, Map<Integer, Long> committed) {
        /** Of a log with one partition. */
        Reading(long end, long applied, long bytes) {
            this(end, applied, bytes, Map.of(0, end), Map.of(0, applied));
        }

        long left() {
            return end - applied;
        }
    }

    /** @param sinkConnector whose consumer group Connect names {@code connect-<name>} */
    LogWatch(Map<String, Object> adminConfig, String topic, String sinkConnector) {
        this.admin = Admin.create(adminConfig);
        this.topic = topic;
        this.group = "connect-" + sinkConnector;
    }

    /** Empty while there is no such topic, or Kafka does not answer in time. */
    Optional<Reading> read() throws InterruptedException {
        try {
            return Optional.of(readNow());
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    /** How many partitions the topic has; empty while there is none, or Kafka does not answer in time. */
    OptionalInt partitions() throws InterruptedException {
        try {
            return OptionalInt.of(describe().partitions().size());
        } catch (ExecutionException | TimeoutException e) {
            return OptionalInt.empty();
        }
    }

    private TopicDescription describe() throws InterruptedException, ExecutionException, TimeoutException {
        return admin.describeTopics(Set.of(topic))
                .allTopicNames()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .get(topic);
    }

    private Reading readNow() throws InterruptedException, ExecutionException, TimeoutException {
        TopicDescription description = describe();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        Set<Integer> brokers = new HashSet<>();
        description.partitions().forEach(partition -> {
            latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
            if (partition.leader() != null) {
                brokers.add(partition.leader().id());
            }
        });
        // The committed offsets first: read the other way round, the log could seem shorter than what is applied.
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        Map<Integer, Long> ends = new HashMap<>();
        admin.listOffsets(latest)
                .all()
                .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .forEach((partition, result) -> ends.put(partition.partition(), result.offset()));
        Map<Integer, Long> applied = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (latest.containsKey(partition) && offset != null) {
                applied.put(partition.partition(), offset.offset());
            }
        });
        return new Reading(sum(ends), sum(applied), bytes(brokers), ends, applied);
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(Long::longValue).sum();
    }

    private long bytes(Set<Integer> brokers) throws InterruptedException, TimeoutException {
        try {
            return admin
                    .describeLogDirs(brokers)
                    .allDescriptions()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .flatMap(directories -> directories.values().stream())
                    .mapToLong(this::bytes)
                    .sum();
        } catch (ExecutionException e) {
            // Describing log directories needs a right on the cluster that reading offsets does not.
            return 0;
        }
    }

    private long bytes(LogDirDescription directory) {
        return directory.replicaInfos().entrySet().stream()
                .filter(replica -> replica.getKey().topic().equals(topic))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }
}
