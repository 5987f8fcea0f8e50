package io.millrace.it.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerProcessTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void keepsItsAddressAndItsLogOverAKillAStopAndAPause(@TempDir Path directory) throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            String address = broker.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address));
                    KafkaProducer<byte[], byte[]> producer = producer(address)) {
                admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)))
                        .all()
                        .get();
                send(producer);
                broker.kill9();
                assertThat(broker.isRunning()).isFalse();
                broker.start();
                assertThat(broker.bootstrapServers()).isEqualTo(address);
                send(producer);
                broker.stop();
                broker.start();
                send(producer);
                broker.pause();
                var waiting = producer.send(new ProducerRecord<>("t", new byte[] {1}));
                assertThat(waiting.isDone()).isFalse();
                broker.resume();
                waiting.get(60, TimeUnit.SECONDS);
                await().atMost(Duration.ofSeconds(60)).until(() -> end(admin) == 4);
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String address) {
        Properties p = new Properties();
        p.put("bootstrap.servers", address);
        p.put("acks", "all");
        return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer) throws Exception {
        producer.send(new ProducerRecord<>("t", new byte[] {1})).get(120, TimeUnit.SECONDS);
    }

    private static long end(Admin admin) throws Exception {
        return admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()))
                .partitionResult(PARTITION)
                .get()
                .offset();
    }
}
