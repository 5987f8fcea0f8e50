package io.millrace.it.registry;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.millrace.events.Change;
import io.millrace.events.ChangeBatch;
import io.millrace.events.ChangeKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What a consumer of the change stream writes: the generated classes of the events jar, Kafka's client and Confluent's
 * deserializer, and nothing else of Millrace. {@link EventsOnly} runs it with just those.
 */
public final class EventsConsumer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EventsConsumer() {}

    /** Reads the first records of a topic, each as a line of key and changes. */
    public static List<String> read(String bootstrapServers, String registry, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "key.deserializer",
                KafkaAvroDeserializer.class,
                "value.deserializer",
                KafkaAvroDeserializer.class,
                "schema.registry.url",
                registry,
                "specific.avro.reader",
                "true");
        List<String> lines = new ArrayList<>();
        try (KafkaConsumer<ChangeKey, Object> consumer = new KafkaConsumer<>(settings)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (lines.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<ChangeKey, Object> each : consumer.poll(Duration.ofSeconds(1))) {
                    lines.add(line(each));
                }
            }
        }
        return lines;
    }

    private static String line(ConsumerRecord<ChangeKey, Object> each) {
        String key = each.key() == null
                ? "-"
                : each.key().getDb() + "/" + text(each.key().getKey());
        if (each.value() instanceof Change change) {
            return key + ": " + change(change);
        }
        if (each.value() instanceof ChangeBatch batch) {
            return key + ": "
                    + batch.getChanges().stream().map(EventsConsumer::change).collect(Collectors.joining("; "));
        }
        return key + ": " + each.value();
    }

    private static String change(Change change) {
        if (change.getCommand() == null) {
            return change.getKind() + " " + text(change.getKey());
        }
        return change.getCommand().getName() + " "
                + change.getCommand().getArgs().stream()
                        .map(EventsConsumer::text)
                        .collect(Collectors.joining(" "));
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null
                ? "-"
                : StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
