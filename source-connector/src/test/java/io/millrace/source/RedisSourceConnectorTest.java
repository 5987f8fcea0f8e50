package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Position;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static final Map<String, String> CONFIG = Map.of("redis.hosts", "localhost", "topic", "t");

    private void alter(Map<String, ?> partition, Map<String, ?> offset) {
        assertThat(connector.alterOffsets(CONFIG, Collections.singletonMap(partition, offset)))
                .isTrue();
    }

    @Test
    void letsOffsetsBeSetToWhatATaskStoresOrBeDeleted() {
        alter(RunningSource.partition("t"), OFFSET);
        alter(RunningSource.partition("t"), null);
        alter(Map.of("of", "another version"), null);
        Map<String, Object> fromJson = new LinkedHashMap<>(OFFSET);
        fromJson.put("offset", 8_000_000_000L);
        fromJson.put("generation", 2);
        alter(RunningSource.partition("t"), fromJson);
    }

    @Test
    void takesTheListOfAClustersShardsAsItIsStored() {
        Map<String, String> config = Map.of("redis.hosts", "localhost", "topic", "t", "redis.topology", "cluster");
        ShardList list = new ShardList("t", List.of("one", "other"));
        Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
        offsets.put(list.partition(), list.offset());
        assertThat(connector.alterOffsets(config, offsets)).isTrue();
        offsets.put(list.partition(), OFFSET);
        assertThatThrownBy(() -> connector.alterOffsets(config, offsets))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("\"shards\": \"<name>,<name>\"");
    }

    @ParameterizedTest
    @CsvSource({
        "v,             2,        v=1",
        "generation,    0,        not a position",
        "generation,    ,         whole number",
        "offset,        -1,       whole number",
        "offset,        1.5,      whole number",
        "db,            zero,     whole number",
        "generation,    99999999999, cannot be used",
        "replicationId, 7,        master_replid",
        "replicationId, abc,      master_replid",
        "phase,         over,     snapshot"
    })
    void saysWhichFieldOfAnOffsetIsWrong(String field, String value, String message) {
        Map<String, Object> offset = new LinkedHashMap<>(OFFSET);
        offset.put(field, value == null || !value.matches("-?[0-9.]+") ? value : number(value));
        assertThatThrownBy(() -> alter(RunningSource.partition("t"), offset))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(message);
    }

    private static Object number(String value) {
        return value.contains(".") ? (Object) Double.valueOf(value) : Long.valueOf(value);
    }

    @Test
    void saysWhatIsWrongWithThePartitionOfAnOffset() {
        Map<String, Object> partition = new LinkedHashMap<>();
        partition.put("shard", "0");
        partition.put("source", "t");
        assertThatThrownBy(() -> alter(partition, OFFSET))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("in this order");
        assertThatThrownBy(() -> alter(RunningSource.partition("other"), OFFSET))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("This connector has the source \"t\"");
        Map<String, Object> number = new LinkedHashMap<>(RunningSource.partition("t"));
        for (Object shard : new Object[] {0, "7"}) {
            number.put("shard", shard);
            assertThatThrownBy(() -> alter(number, OFFSET))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("has the shard \"0\" (a text)");
        }
    }
}
