package io.millrace.it.worker;

import io.millrace.change.Change;
import io.millrace.codec.ChangeCodec;
import io.millrace.converter.MillraceAvroConverter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.data.SchemaAndValue;

/** What a consumer with {@code isolation.level=read_committed} reads of a topic. */
final class CommittedChanges implements AutoCloseable {

    /** @param record the offset in Kafka of the record that carries the change */
    record Read(Change change, int partition, long record) {}

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final MillraceAvroConverter converter = new MillraceAvroConverter();
    private final ChangeCodec codec = new ChangeCodec();
    private final String topic;
    private final List<Read> all = new ArrayList<>();

    CommittedChanges(String bootstrapServers, String topic) {
        this(bootstrapServers, topic, 1);
    }

    CommittedChanges(String bootstrapServers, String topic, int partitions) {
        this.topic = topic;
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        converter.configure(Map.of(), false);
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Reads on until a change is like this; returns all that was read from the topic's beginning, each partition in its order. */
    List<Read> until(Predicate<Change> last) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean found = false;
        while (!found) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(topic + ": not found among " + all.size() + " changes");
            }
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(500))) {
                SchemaAndValue value = converter.toConnectData(topic, each.headers(), each.value());
                for (Change change : codec.read(value.schema(), value.value())) {
                    all.add(new Read(change, each.partition(), each.offset()));
                    found |= last.test(change);
                }
            }
        }
        return List.copyOf(all);
    }

    @Override
    public void close() {
        consumer.close();
        converter.close();
    }
}
