package io.millrace.sink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.ConfigReference;
import io.millrace.endpoint.Topology;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.sink.RedisSinkConnector;
import io.millrace.sink.plan.GhostSettings;
import io.millrace.sink.plan.PlanSettings.ConflictPolicy;
import io.millrace.sink.plan.PlanSettings.CrossSlot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkConfigTest {

    private static final Map<String, String> LEAST = Map.of("name", "s", "redis.hosts", "h:1");

    private static Map<String, String> with(String... more) {
        Map<String, String> properties = new HashMap<>(LEAST);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    /** The errors of a validation by option. */
    private static Map<String, List<String>> errors(Map<String, String> properties) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConfigValue value : new RedisSinkConnector().validate(properties).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), value.errorMessages());
            }
        }
        return errors;
    }

    @Test
    void theReferenceIsUpToDate() throws IOException {
        ConfigReference reference = new ConfigReference(
                "Sink connector properties",
                "Connector class: `io.millrace.sink.RedisSinkConnector`. Secrets are best given through a config provider.",
                SinkConfig.def());
        assertThat(reference.drift(Path.of("..", "docs", "sink-properties.md"))).isEmpty();
    }

    @Test
    void theConnectorIsFoundByServiceLoader() {
        assertThat(ServiceLoader.load(SinkConnector.class))
                .singleElement()
                .isInstanceOf(RedisSinkConnector.class)
                .extracting(connector -> connector.taskClass().getSimpleName())
                .isEqualTo("RedisSinkTask");
    }

    @Test
    void theDefaults() {
        SinkSettings settings = SinkConfig.parse(LEAST);
        assertThat(settings.connector()).isEqualTo("s");
        assertThat(settings.endpoint().topology()).isEqualTo(Topology.STANDALONE);
        assertThat(settings.plan().conflicts()).isEqualTo(ConflictPolicy.OVERWRITE);
        assertThat(settings.plan().crossSlot()).isEqualTo(CrossSlot.FAIL);
        assertThat(settings.plan().ghosts()).isEqualTo(new GhostSettings(GhostSettings.Policy.REMOVE, 100_000_000));
        assertThat(settings.plan().publish()).isFalse();
        assertThat(settings.plan().databases().pairs()).isEmpty();
        assertThat(settings.apply().connectionWindow()).isEqualTo(Duration.ofHours(12));
        assertThat(settings.apply().otherWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.batch().maxCommands()).isEqualTo(1000);
    }

    @Test
    void everyOptionIsRead() {
        SinkSettings settings = SinkConfig.parse(with(
                "redis.topology", "cluster",
                "database.map", " 1:0, 2 : 0",
                "conflict.policy", "skip",
                "resync.ghosts", "report",
                "resync.ghosts.max.keys", "12",
                "cross.slot", "split",
                "publish.enabled", "true",
                "transaction.max.bytes", "2048",
                "batch.max.commands", "7",
                "batch.max.bytes", "4096",
                "in.flight.max.commands", "8",
                "in.flight.max.bytes", "8192",
                "buffer.max.changes", "9",
                "buffer.max.bytes", "2097152",
                "retry.connection.ms", "10",
                "retry.other.ms", "11",
                "replay.until", "a-b-0:12, a-b-1:7",
                "millrace.task", "3"));
        assertThat(settings.endpoint().topology()).isEqualTo(Topology.CLUSTER);
        assertThat(settings.plan().databases().pairs()).isEqualTo(Map.of(1, 0, 2, 0));
        assertThat(settings.plan().conflicts()).isEqualTo(ConflictPolicy.SKIP);
        assertThat(settings.plan().crossSlot()).isEqualTo(CrossSlot.SPLIT);
        assertThat(settings.plan().ghosts()).isEqualTo(new GhostSettings(GhostSettings.Policy.REPORT, 12));
        assertThat(settings.plan().publish()).isTrue();
        assertThat(settings.plan().maxTransactionBytes()).isEqualTo(2048);
        assertThat(settings.batch()).isEqualTo(new BatchSettings(7, 4096, 9, 2_097_152));
        assertThat(settings.apply().inFlightCommands()).isEqualTo(8);
        assertThat(settings.apply().inFlightBytes()).isEqualTo(8192);
        assertThat(settings.apply().connectionWindow()).isEqualTo(Duration.ofMillis(10));
        assertThat(settings.apply().otherWindow()).isEqualTo(Duration.ofMillis(11));
        assertThat(settings.task()).isEqualTo("3");
        assertThat(settings.until().offsets()).isEqualTo(Map.of("a-b-0", 12L, "a-b-1", 7L));
        assertThat(settings.until().excludes("a-b", 0, 11)).isFalse();
        assertThat(settings.until().excludes("a-b", 0, 12)).isTrue();
        assertThat(settings.until().excludes("a-b", 2, 12)).isFalse();
        assertThat(ReplayUntil.parse(settings.until().toString())).isEqualTo(settings.until());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:1", "a-0", "a-0:", "a-0:x", "a-x:1", "-0:1", "a-0:1,", "a-0:-1"})
    void anEndThatIsNoneIsNamed(String end) {
        assertThat(errors(with("replay.until", end)).get("replay.until"))
                .singleElement()
                .asString()
                .contains("topic-partition:offset");
    }

    @Test
    void aPolicyThatRefusesKeysDoesNotGoWithApplyingThemTwice() {
        assertThat(errors(with(
                        "conflict.policy", "fail", "resync.ghosts", "keep", "delivery.semantics", "at-least-once")))
                .containsKeys("conflict.policy", "delivery.semantics");
        assertThat(errors(with(
                        "conflict.policy", "skip", "resync.ghosts", "keep", "delivery.semantics", "at-least-once")))
                .doesNotContainKeys("conflict.policy", "delivery.semantics");
        assertThat(errors(with("conflict.policy", "fail", "resync.ghosts", "keep")))
                .doesNotContainKeys("conflict.policy", "delivery.semantics");
    }

    @Test
    void ghostsAreRemovedOnlyWhereAllKeysAreTheSources() {
        assertThat(errors(with("conflict.policy", "skip"))).containsKeys("conflict.policy", "resync.ghosts");
        assertThat(errors(with("conflict.policy", "skip", "resync.ghosts", "report")))
                .doesNotContainKeys("conflict.policy", "resync.ghosts");
        assertThat(errors(with("topics", "a,b"))).containsKeys("resync.ghosts");
        assertThat(errors(with("topics", "a,b", "resync.ghosts", "keep"))).doesNotContainKey("resync.ghosts");
    }

    @Test
    void contradictionsAreShownOnBothOptions() {
        assertThat(errors(with("redis.topology", "cluster", "database.map", "1:3")))
                .containsKeys("database.map", "redis.topology");
        assertThat(errors(with("batch.max.bytes", "1073741824"))).containsKeys("batch.max.bytes", "buffer.max.bytes");
        assertThatThrownBy(() -> SinkConfig.parse(with("redis.topology", "cluster", "database.map", "1:3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("only database 0");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(errors(with("conflict.polcy", "skip")).get("conflict.polcy"))
                .singleElement()
                .asString()
                .contains("did you mean conflict.policy?");
        assertThat(errors(with("database.map", "1-3")).get("database.map"))
                .singleElement()
                .asString()
                .contains("has no colon");
        assertThat(errors(Map.of("name", "s"))).containsKey("redis.hosts");
    }

    @Test
    void theLiveDestinationIsAsked() {
        try (LocalServer server =
                LocalServer.of(ServerVersion.standard()).password("secret").start()) {
            String hosts = "127.0.0.1:" + server.port();
            assertThat(errors(with("redis.hosts", hosts, "redis.password", "secret")))
                    .isEmpty();
            assertThat(errors(with("redis.hosts", hosts))).containsOnlyKeys("redis.password");
            assertThat(errors(with("redis.hosts", hosts, "redis.password", "secret", "redis.topology", "cluster")))
                    .containsKey("redis.topology");
            server.stop();
            assertThat(errors(with("redis.hosts", hosts))).containsOnlyKeys("redis.hosts");
        }
    }
}
