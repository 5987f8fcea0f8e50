package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The topic of a cluster source that has fewer partitions than its records are addressed to. */
@ExtendWith(WithSharedRuntime.class)
class MissingPartitionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int FOUND = 2;
    private static final int WANTED = 4;

    private static LocalCluster source;

    @BeforeAll
    static void start() {
        source = LocalCluster.of(ServerVersion.standard())
                .config("repl-diskless-sync-delay 0")
                .start();
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @Test
    void connectIsNotToMakeItWithAnotherNumber(SharedRuntime runtime) {
        Map<String, String> config = config("made-smaller");
        config.put("topic.creation.default.partitions", Integer.toString(FOUND));
        assertThat(errors(runtime, config))
                .containsOnlyKeys("topic.partitions", "topic.creation.default.partitions")
                .allSatisfy((key, error) -> assertThat(error).contains("is 2", "is 4", "made-smaller"));
        config.put("topic.creation.groups", "changes");
        config.put("topic.creation.changes.include", "other,made-.*");
        config.put("topic.creation.changes.partitions", Integer.toString(WANTED));
        assertThat(errors(runtime, config)).isEmpty();
    }

    @Test
    void whereTheConnectorKnowsKafkaItSaysSoAtOnce(SharedRuntime runtime) throws Exception {
        create(runtime, "known-too-small");
        Map<String, String> config = config("known-too-small");
        config.put("producer.override.bootstrap.servers", runtime.bootstrapServers());
        assertThat(errors(runtime, config))
                .containsOnlyKeys("topic", "topic.partitions")
                .allSatisfy((key, error) -> assertThat(error)
                        .contains("has 2 partitions", "is 4", "--alter --topic known-too-small --partitions 4"));
        config.put("topic.partitions", Integer.toString(FOUND));
        assertThat(errors(runtime, config)).isEmpty();
    }

    /** What is said stands in the worker's log; what Connect shows is of the producer that was interrupted. */
    @Test
    void elsewhereTheTaskFailsInsteadOfHanging(SharedRuntime runtime) throws Exception {
        String topic = "found-too-small";
        create(runtime, topic);
        runtime.rest().put(topic, config(topic));
        try {
            String trace = await("the task fails")
                    .atMost(PATIENCE)
                    .until(() -> runtime.rest().failure(topic), Optional::isPresent)
                    .orElseThrow();
            assertThat(trace).contains("InterruptException");
            assertThat(logged(runtime.directory().resolve("log"), "topic.partitions is 4"))
                    .anySatisfy(line -> assertThat(line)
                            .contains("none of partition 2", topic, "--alter --topic " + topic + " --partitions 4"));
        } finally {
            runtime.rest().delete(topic);
        }
    }

    private static void create(SharedRuntime runtime, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", runtime.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, FOUND, (short) 1)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static Map<String, String> config(String topic) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.putAll(Destination.of(source).config());
        config.put("name", topic);
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("tasks.max", "1");
        config.put("topic", topic);
        config.put("topic.partitions", Integer.toString(WANTED));
        return config;
    }

    private static Map<String, String> errors(SharedRuntime runtime, Map<String, String> config) {
        Map<String, String> errors = new LinkedHashMap<>();
        for (JsonNode option :
                runtime.rest().validate(config.get("connector.class"), config).path("configs")) {
            for (JsonNode error : option.path("value").path("errors")) {
                errors.putIfAbsent(option.path("value").path("name").asText(), error.asText());
            }
        }
        return errors;
    }

    private static List<String> logged(Path directory, String part) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("millrace.log"))
                    .flatMap(MissingPartitionsIT::lines)
                    .filter(line -> line.contains(part))
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
