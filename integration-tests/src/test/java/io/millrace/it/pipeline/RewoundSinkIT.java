package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.workload.LoadWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Somebody sets the consumer group of the sink back, behind Connect's back: the destination knows better what it has. With
 * {@code -Drewind.records=1000000}, as {@code scripts/rewind-sink} has it, by a million records.
 */
@ExtendWith(WithSharedRuntime.class)
class RewoundSinkIT {

    private static final long RECORDS = Long.getLong("rewind.records", 10_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + RECORDS / 1_000);

    @Test
    void nothingIsAppliedTwice(SharedRuntime runtime) throws Exception {
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .config("repl-backlog-size 512mb")
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                Admin admin = Admin.create(Map.of("bootstrap.servers", runtime.bootstrapServers()));
                Pipeline pipeline = Pipeline.between(source, destination)
                        .grouping("single")
                        .withSink("delivery.semantics", "effectively-once")
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.BUILDING, 9)) {
                await().atMost(PATIENCE).until(() -> writer.written() >= RECORDS);
            }
            try (RespClient client = source.connect()) {
                for (int i = 0; i < 100; i++) {
                    client.call("INCR", "rewound:counter");
                    client.call("RPUSH", "rewound:list", i);
                }
            }
            pipeline.assertEqualKeyspaces();

            TopicPartition partition = new TopicPartition(pipeline.topic(), 0);
            String group = "connect-" + pipeline.sinkConnector();
            runtime.connect().stop(pipeline.sinkConnector());
            long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
            long back = Math.max(0, end - RECORDS);
            // Refused as long as a member is left in the group.
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(back)))
                                    .all()
                                    .get()
                            == null);
            runtime.connect().resume(pipeline.sinkConnector());
            source.command("INCR", "rewound:counter");
            pipeline.assertEqualKeyspaces();
            assertThat(destination.command("GET", "rewound:counter")).isEqualTo("101".getBytes(StandardCharsets.UTF_8));
            assertThat(destination.command("LLEN", "rewound:list")).isEqualTo(100L);
        }
    }
}
