package io.millrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCheckTest {

    static List<String> errors(ConfigCheck check, String key) {
        return check.result().configValues().stream()
                .filter(value -> value.name().equals(key))
                .map(ConfigValue::errorMessages)
                .findFirst()
                .orElse(List.of());
    }

    private static ConfigCheck check(String key, String value) {
        Map<String, String> properties = new HashMap<>(Map.of("redis.hosts", "a:1", "name", "n", "tasks.max", "1"));
        properties.put(key, value);
        return new ConfigCheck(RedisSettingsTest.def(), properties);
    }

    @ParameterizedTest
    @CsvSource({
        "redis.host,redis.hosts",
        "redis.pasword,redis.password",
        "redis.tls.ca.flie,redis.tls.ca.file",
        "reds.user,redis.user",
        "redis.connect.timeout,redis.connect.timeout.ms"
    })
    void aTypingErrorIsFoundWithASuggestion(String key, String suggestion) {
        ConfigCheck check = check(key, "x");
        assertThat(errors(check, key)).singleElement().asString().contains("did you mean " + suggestion + "?");
        assertThat(check.isClean()).isFalse();
    }

    @Test
    void aKeyOfOurFamilyThatResemblesNothingIsStillAnError() {
        assertThat(errors(check("redis.maximal.something.else", "x"), "redis.maximal.something.else"))
                .singleElement()
                .asString()
                .contains("no option of this connector");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connector.class",
                "topics",
                "key.converter",
                "value.converter.schema.registry.url",
                "transforms",
                "transforms.route.type",
                "predicates.p.type",
                "errors.tolerance",
                "errors.deadletterqueue.topic.name",
                "topic.creation.default.partitions",
                "producer.override.linger.ms",
                "consumer.override.max.poll.records",
                "exactly.once.support",
                "config.action.reload",
                "some.future.connect.option"
            })
    void keysOfConnectPass(String key) {
        assertThat(check(key, "x").isClean()).isTrue();
    }

    @Test
    void aFindingIsShownOnEveryKey() {
        ConfigCheck check = check("redis.user", "").add(new Finding("both", "redis.hosts", "redis.tls"));
        assertThat(errors(check, "redis.hosts")).containsExactly("both");
        assertThat(errors(check, "redis.tls")).containsExactly("both");
        assertThat(check.isClean("redis.user")).isTrue();
        assertThat(check.isClean("redis.hosts", "redis.user")).isFalse();
    }
}
