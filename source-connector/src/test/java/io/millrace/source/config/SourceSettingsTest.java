package io.millrace.source.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.ConfigReference;
import io.millrace.source.assemble.EntryFormat;
import io.millrace.source.publish.Publisher.Style;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;

class SourceSettingsTest {

    private static Map<String, String> properties(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name",
                "orders-source",
                "connector.class",
                "io.millrace.source.RedisSourceConnector",
                "redis.hosts",
                "10.0.0.5:6380",
                "topic",
                "orders"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** The keys that show an error, with the errors. */
    private static Map<String, List<String>> errors(Map<String, String> properties) {
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : SourceSettings.check(properties).result().configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    @Test
    void hasDefaults() {
        SourceSettings settings = SourceSettings.parse(properties());
        assertThat(settings.connector()).isEqualTo("orders-source");
        assertThat(settings.endpoint()).hasToString("redis://10.0.0.5:6380 (standalone)");
        assertThat(settings.capture())
                .isEqualTo(new CaptureSettings(
                        "orders",
                        "orders",
                        EntryFormat.DUMP,
                        ResyncPolicy.RESYNC,
                        ReadFrom.MASTER,
                        CaptureMode.REPLICATE,
                        Duration.ofSeconds(10),
                        Map.of(),
                        12));
        assertThat(settings.records()).isEqualTo(new RecordSettings(new Style.Single(), 900_000));
        assertThat(settings.queue()).isEqualTo(new QueueSettings(100_000, 64L * 1024 * 1024));
        assertThat(settings.spool())
                .isEqualTo(new SpoolSettings(Path.of(System.getProperty("java.io.tmpdir")), 16L << 20, 1L << 30));
        assertThat(settings.retry()).isEqualTo(new RetrySettings(Duration.ofHours(12), Duration.ofMinutes(10)));
    }

    @Test
    void takesEveryKey() {
        Map<String, String> properties = properties(
                "topic.partitions", "24",
                "source.name", "shop",
                "entry.format", "both",
                "resync.policy", "fail",
                "read.from", "prefer-replica",
                "capture.mode", "scan",
                "redis.topology", "sentinel",
                "redis.sentinel.master", "mymaster",
                "heartbeat.interval.ms", "0",
                "tags", "environment=production, team=search",
                "record.grouping", "batch",
                "record.max.bytes", "500000",
                "batch.max.changes", "64",
                "batch.max.bytes", "100000",
                "queue.max.changes", "7",
                "queue.max.bytes", "2000000",
                "spool.directory", "/var/spool/millrace",
                "spool.memory.bytes", "3000000",
                "spool.max.bytes", "0",
                "retry.connection.ms", "5",
                "retry.other.ms", "6");
        SourceSettings settings = SourceSettings.parse(properties);
        assertThat(settings.capture())
                .isEqualTo(new CaptureSettings(
                        "orders",
                        "shop",
                        EntryFormat.BOTH,
                        ResyncPolicy.FAIL,
                        ReadFrom.PREFER_REPLICA,
                        CaptureMode.SCAN,
                        Duration.ZERO,
                        Map.of("environment", "production", "team", "search"),
                        24));
        assertThat(settings.records()).isEqualTo(new RecordSettings(new Style.Batch(64, 100_000), 500_000));
        assertThat(settings.queue()).isEqualTo(new QueueSettings(7, 2_000_000));
        assertThat(settings.spool()).isEqualTo(new SpoolSettings(Path.of("/var/spool/millrace"), 3_000_000, 0));
        assertThat(settings.retry()).isEqualTo(new RetrySettings(Duration.ofMillis(5), Duration.ofMillis(6)));
        assertThat(SourceSettings.definition().names())
                .as("every key of ours is set here, or stands under redis.")
                .allSatisfy(key -> assertThat(key.startsWith("redis.") || properties.containsKey(key))
                        .as(key)
                        .isTrue());
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        assertThat(errors(properties("record.groupings", "batch")))
                .hasEntrySatisfying(
                        "record.groupings",
                        e -> assertThat(e).first().asString().contains("did you mean record.grouping?"));
        assertThat(errors(properties("key.converter", "x", "producer.override.linger.ms", "5")))
                .isEmpty();
    }

    @Test
    void refusesContradictionsOnBothKeys() {
        assertThat(errors(properties("batch.max.changes", "10")))
                .containsOnlyKeys("batch.max.changes", "record.grouping");
        assertThat(errors(properties("record.grouping", "batch", "batch.max.bytes", "1000000")))
                .containsOnlyKeys("batch.max.bytes", "record.max.bytes");
        assertThat(errors(properties("producer.override.max.request.size", "500000")))
                .containsOnlyKeys("producer.override.max.request.size", "record.max.bytes");
        assertThat(errors(properties("exactly.once.support", "required")))
                .containsOnlyKeys("exactly.once.support", "transaction.boundary");
        assertThat(errors(properties("exactly.once.support", "required", "transaction.boundary", "connector")))
                .isEmpty();
        assertThat(errors(properties("read.from", "replica"))).containsOnlyKeys("read.from", "redis.topology");
        assertThat(errors(properties("read.from", "replica", "redis.topology", "cluster")))
                .containsOnlyKeys("read.from", "redis.topology");
        assertThat(errors(properties("read.from", "replica", "redis.topology", "cluster", "capture.mode", "scan")))
                .isEmpty();
        assertThatThrownBy(() -> SourceSettings.parse(properties("batch.max.changes", "10")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("record.grouping=batch");
    }

    @Test
    void namesTheKeyOfAWrongValue() {
        assertThat(errors(properties("entry.format", "xml"))).containsOnlyKeys("entry.format");
        assertThat(errors(properties("record.max.bytes", "10"))).containsOnlyKeys("record.max.bytes");
        assertThat(errors(properties("tags", "production"))).containsOnlyKeys("tags");
        Map<String, String> noTopic = properties();
        noTopic.remove("topic");
        assertThat(errors(noTopic)).containsOnlyKeys("topic");
    }

    @Test
    void theTopicOfAClusterIsMadeWithThePartitionsThatItNeeds() {
        String made = "topic.creation.default.partitions";
        assertThat(errors(properties(made, "1"))).as("a single server").isEmpty();
        Map<String, String> cluster = properties("redis.topology", "cluster", made, "1");
        assertThat(errors(cluster))
                .containsOnlyKeys(made, "topic.partitions")
                .allSatisfy((key, errors) -> assertThat(errors)
                        .singleElement()
                        .asString()
                        .contains(made + " is 1", "topic.partitions is 12"));
        for (String right : List.of("12", "-1", "many")) {
            cluster.put(made, right);
            assertThat(errors(cluster)).as(right).isEmpty();
        }
        cluster.putAll(Map.of(
                "topic.creation.groups", "one, two",
                "topic.creation.one.include", "or.*",
                "topic.creation.one.exclude", "orders",
                "topic.creation.one.partitions", "3",
                "topic.creation.two.include", "x, ord.rs",
                "topic.creation.two.partitions", "4"));
        assertThat(errors(cluster)).containsOnlyKeys("topic.creation.two.partitions", "topic.partitions");
        cluster.put("topic.partitions", "4");
        assertThat(errors(cluster)).isEmpty();
    }

    @Test
    void isDocumentedAsDeclared() throws Exception {
        ConfigReference reference =
                new ConfigReference("Properties of the source connector", """
                `connector.class` is `io.millrace.source.RedisSourceConnector`. `tasks.max` may be anything: a server has one
                stream, so there is one task. Properties of Kafka Connect itself, such as converters, `transforms` and
                `producer.override.*`, stand beside these.""", SourceSettings.definition());
        assertThat(reference.drift(Path.of("..", "docs", "source-properties.md")))
                .isEmpty();
    }
}
