package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;

/** An error reporter may convert from a thread of its own while the task converts. */
class ConcurrentUseTest {

    private static final int THREADS = 4;
    private static final int RECORDS = 5_000;

    @Test
    void severalThreadsShareOneConverter() throws Exception {
        MockSchemaRegistry.dropScope("threads");
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (MillraceAvroConverter converter = Converters.ours("threads")) {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                running.add(threads.submit(() -> roundTrips(converter, thread)));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** More schemas than are found by identity, half of them shared by all threads. */
    private static void roundTrips(MillraceAvroConverter shared, int thread) {
        RandomData data = new RandomData(thread);
        List<Schema> schemas = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            schemas.add(new RandomData(i % 2 == 0 ? i : 1_000L * thread + i).any());
        }
        try (MillraceAvroConverter own = Converters.ours("threads")) {
            for (int i = 0; i < RECORDS; i++) {
                int chosen = i % schemas.size();
                Schema schema = schemas.get(chosen);
                Object value = data.value(schema);
                String topic = "topic-" + (chosen % 2 == 0 ? chosen : 1_000L * thread + chosen);
                byte[] bytes = shared.fromConnectData(topic, schema, value);
                assertThat(bytes).isEqualTo(own.fromConnectData(topic, schema, value));
                assertThat(shared.toConnectData(topic, bytes)).isEqualTo(own.toConnectData(topic, bytes));
            }
        }
    }
}
