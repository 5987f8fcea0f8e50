package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Position;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;

class RedisSourceConnectorTest {

    private static final Map<String, Object> OFFSET = new Position(1, "c".repeat(40), 7, 0, false).toMap();

    private final RedisSourceConnector connector = new RedisSourceConnector();

    @Test
    void isFoundByItsManifest() {
        assertThat(ServiceLoader.load(SourceConnector.class)).singleElement().isInstanceOf(RedisSourceConnector.class);
    }

    @Test
    void hasOneTaskHoweverManyAreAllowed() {
        Map<String, String> properties = Map.of("redis.hosts", "localhost", "topic", "t");
        connector.start(properties);
        assertThat(connector.taskConfigs(8)).containsExactly(properties);
        connector.stop();
        assertThatThrownBy(() -> connector.start(Map.of("topic", "t")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("redis.hosts");
    }

    @Test
    void supportsExactlyOnceWithBoundariesOfItsOwn() {
        assertThat(connector.exactlyOnceSupport(Map.of())).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        assertThat(connector.canDefineTransactionBoundaries(Map.of()))
                .isEqualTo(ConnectorTransactionBoundaries.SUPPORTED);
    }

    @Test
    void letsOffsetsBeSetToWhatATaskStores() {
        assertThat(connector.alterOffsets(Map.of(), Map.of(RunningSource.partition("t"), OFFSET)))
                .isTrue();
        assertThat(connector.alterOffsets(Map.of(), Collections.singletonMap(RunningSource.partition("t"), null)))
                .as("deleted")
                .isTrue();
        Map<String, String> reversed = new LinkedHashMap<>();
        reversed.put("shard", "0");
        reversed.put("source", "t");
        assertThatThrownBy(() -> connector.alterOffsets(Map.of(), Map.of(reversed, OFFSET)))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("in this order");
        assertThatThrownBy(() ->
                        connector.alterOffsets(Map.of(), Map.of(RunningSource.partition("t"), Map.of("generation", 1))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'replicationId'");
    }
}
