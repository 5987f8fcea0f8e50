package io.millrace.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.sink.RedisSinkConnector;
import io.millrace.source.RedisSourceConnector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.junit.jupiter.api.Test;

/** The connectors of {@code docs/deployment.md} name options that exist, with values that they take. */
class DeploymentSamplesTest {

    private static final Map<String, Connector> CONNECTORS = Map.of(
            "io.millrace.source.RedisSourceConnector", new RedisSourceConnector(),
            "io.millrace.sink.RedisSinkConnector", new RedisSinkConnector());

    @Test
    void theConnectorsUseOptionsThatExist() throws Exception {
        List<String> classes = new ArrayList<>();
        for (String block : Page.of("deployment.md").blocks("json")) {
            JsonNode config = new ObjectMapper().readTree(block).path("config");
            String connectorClass = config.path("connector.class").asText();
            classes.add(connectorClass);
            assertThat(CONNECTORS).containsKey(connectorClass);
            ConfigDef ours = CONNECTORS.get(connectorClass).config();
            Set<String> connects = connectsOwn(connectorClass);

            config.fields().forEachRemaining(option -> {
                String name = option.getKey();
                if (ours.configKeys().containsKey(name)) {
                    ConfigDef.ConfigKey key = ours.configKeys().get(name);
                    Object value = ConfigDef.parseType(name, option.getValue().asText(), key.type);
                    if (key.validator != null) {
                        key.validator.ensureValid(name, value);
                    }
                } else {
                    assertThat(connects.contains(name) || name.startsWith("topic.creation.default."))
                            .as("option %s of %s", name, connectorClass)
                            .isTrue();
                }
            });
        }
        assertThat(classes).containsExactlyInAnyOrderElementsOf(CONNECTORS.keySet());
    }

    private static Set<String> connectsOwn(String connectorClass) {
        return connectorClass.contains("source")
                ? SourceConnectorConfig.configDef().names()
                : SinkConnectorConfig.configDef().names();
    }
}
