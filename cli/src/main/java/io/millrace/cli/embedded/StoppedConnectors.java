package io.millrace.cli.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.KafkaConfigBackingStore;

/**
 * Stops connectors before there is a worker to ask: a worker starts what an earlier run left running as soon as it is up, and
 * a source connector would join its source again. Written is what the worker itself writes when a connector is stopped: no
 * tasks, then the state.
 */
final class StoppedConnectors {
    private static final String STATE = "state";
    /** The state for readers that know STOPPED; the other one is for those that do not. */
    private static final String STATE_V2 = "state.v2";

    private StoppedConnectors() {}

    /** A connector that the worker does not know stays unknown. */
    static void write(String bootstrapServers, Set<String> connectors) throws InterruptedException, ExecutionException {
        if (connectors.isEmpty() || !hasConfigs(bootstrapServers)) {
            return;
        }
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (JsonConverter json = new JsonConverter();
                Producer<byte[], byte[]> producer =
                        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            json.configure(Map.of("schemas.enable", "false"), false);
            for (String connector : connectors) {
                Schema tasks = KafkaConfigBackingStore.CONNECTOR_TASKS_COMMIT_V0;
                send(
                        producer,
                        json,
                        KafkaConfigBackingStore.COMMIT_TASKS_KEY(connector),
                        new Struct(tasks).put("tasks", 0));
                Schema state = KafkaConfigBackingStore.TARGET_STATE_V1;
                send(
                        producer,
                        json,
                        KafkaConfigBackingStore.TARGET_STATE_KEY(connector),
                        new Struct(state).put(STATE, "PAUSED").put(STATE_V2, "STOPPED"));
            }
        }
    }

    private static boolean hasConfigs(String bootstrapServers) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return admin.listTopics().names().get().contains(WorkerProperties.CONFIG_TOPIC);
        }
    }

    private static void send(Producer<byte[], byte[]> producer, JsonConverter json, String key, Struct value)
            throws InterruptedException, ExecutionException {
        byte[] written = json.fromConnectData(WorkerProperties.CONFIG_TOPIC, value.schema(), value);
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(WorkerProperties.CONFIG_TOPIC, 0, name, written))
                .get();
    }
}
