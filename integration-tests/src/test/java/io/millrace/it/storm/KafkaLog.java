package io.millrace.it.storm;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.converter.MillraceAvroConverter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.data.SchemaAndValue;

/** The topic of one storm, and how much of it the sink has committed. Its methods may be called by any thread. */
final class KafkaLog implements AutoCloseable {

    private static final long ADMIN_SECONDS = 5;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;
    private final TopicPartition partition;
    private final String group;
    private final Admin admin;

    /** One change of the log, with the offset of its record and its place in it. */
    interface Reader {
        void read(ConsumerRecord<byte[], byte[]> record, int index, Change change);
    }

    KafkaLog(String bootstrapServers, String topic, String sinkConnector) {
        this.bootstrapServers = bootstrapServers;
        this.partition = new TopicPartition(topic, 0);
        this.group = "connect-" + sinkConnector;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "reconnect.backoff.max.ms",
                500,
                "request.timeout.ms",
                5_000,
                "default.api.timeout.ms",
                5_000));
    }

    /** The offset of the first record that the sink has not committed; empty while nobody knows. */
    OptionalLong committed() throws InterruptedException {
        try {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(ADMIN_SECONDS, TimeUnit.SECONDS)
                    .get(partition);
            return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
        } catch (ExecutionException | TimeoutException e) {
            return OptionalLong.empty();
        }
    }

    /** Reads all changes of committed records from an offset to the present end, in order; how many records there were. */
    long read(long from, Reader reader) {
        MillraceAvroConverter converter = new MillraceAvroConverter();
        converter.configure(Map.of(), false);
        ChangeCodec codec = new ChangeCodec();
        long records = 0;
        try (converter;
                KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            consumer.seek(partition, from);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    records++;
                    SchemaAndValue value = converter.toConnectData(partition.topic(), record.value());
                    if (value.value() != null) {
                        int index = 0;
                        for (Change change : codec.read(value.schema(), value.value())) {
                            reader.read(record, index++, change);
                        }
                    }
                }
            }
        }
        return records;
    }

    HangingTransactions transactions() {
        return new HangingTransactions(admin);
    }

    void delete() throws InterruptedException {
        try {
            admin.deleteTopics(List.of(partition.topic())).all().get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It only takes room on the disk until the directory goes.
            return;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest",
                        "reconnect.backoff.max.ms",
                        500),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        admin.close();
    }
}
