package io.millrace.config;

import io.millrace.endpoint.RedisEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/**
 * One run of {@code Connector.validate}: each option by itself, then options against each other, then against the real
 * servers, as far as the step before was clean. Not thread-safe.
 */
public final class ConfigCheck {

    private final Map<String, ConfigValue> values = new LinkedHashMap<>();

    /** Parses every option of {@code def} and reports those that nobody reads. */
    public ConfigCheck(ConfigDef def, Map<String, String> properties) {
        for (ConfigValue value : def.validate(properties)) {
            values.put(value.name(), value);
        }
        addAll(new UnknownKeys(def.names()).among(properties.keySet()));
    }

    /** Shows the sentence on each of the keys. */
    public ConfigCheck add(Finding finding) {
        for (String key : finding.keys()) {
            values.computeIfAbsent(key, name -> new ConfigValue(name, null, new ArrayList<>(), new ArrayList<>()))
                    .addErrorMessage(finding.sentence());
        }
        return this;
    }

    public ConfigCheck addAll(List<Finding> findings) {
        findings.forEach(this::add);
        return this;
    }

    /** True when none of the keys has an error so far; without keys, when nothing has. */
    public boolean isClean(String... keys) {
        if (keys.length == 0) {
            return values.values().stream()
                    .allMatch(value -> value.errorMessages().isEmpty());
        }
        for (String key : keys) {
            ConfigValue value = values.get(key);
            if (value == null || !value.errorMessages().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The parsed values by key; those with an error are null. */
    public Map<String, Object> values() {
        Map<String, Object> parsed = new HashMap<>();
        values.forEach((name, value) -> parsed.put(name, value.value()));
        return parsed;
    }

    /** Checks the options under {@code redis.} against each other; the endpoint, when they are all well. Reads the TLS files. */
    public Optional<RedisEndpoint> redisEndpoint() {
        String[] keys = RedisSettings.KEYS.toArray(new String[0]);
        if (!isClean(keys)) {
            return Optional.empty();
        }
        addAll(RedisOptionChecks.contradictions(values()));
        if (!isClean(keys)) {
            return Optional.empty();
        }
        RedisEndpoint endpoint = RedisSettings.endpoint(values());
        addAll(RedisOptionChecks.unusableFiles(endpoint));
        return isClean(keys) ? Optional.of(endpoint) : Optional.empty();
    }

    /** What {@code Connector.validate} returns. */
    public Config result() {
        return new Config(new ArrayList<>(values.values()));
    }
}
