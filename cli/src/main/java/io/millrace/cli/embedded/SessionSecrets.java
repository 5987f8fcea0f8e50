package io.millrace.cli.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * Gives the embedded worker the secrets of this run from memory. A stored connector config holds the placeholder
 * {@code ${session:migration:name}} alone, so nothing secret reaches the data directory.
 *
 * <p>The worker makes its own instance by reflection, hence the static store. Thread-safe.
 */
public final class SessionSecrets implements ConfigProvider {
    static final String PROVIDER = "session";
    private static final String PATH = "migration";
    private static final Map<String, String> SECRETS = new ConcurrentHashMap<>();

    /** Keeps a secret for this process and returns the placeholder that stands for it in a connector config. */
    public static String put(String name, String secret) {
        SECRETS.put(name, secret);
        return placeholder(name);
    }

    /** What a connector config holds in place of the secret. */
    public static String placeholder(String name) {
        return "${" + PROVIDER + ":" + PATH + ":" + name + "}";
    }

    @Override
    public ConfigData get(String path) {
        return get(path, SECRETS.keySet());
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        Map<String, String> found = new HashMap<>();
        for (String key : keys) {
            String secret = SECRETS.get(key);
            if (secret != null) {
                found.put(key, secret);
            }
        }
        return new ConfigData(found);
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
}
