package io.millrace.it.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;

/** The converters that the connectors are run with. */
public final class Converters {

    private static final String OURS = "io.millrace.converter.MillraceAvroConverter";
    private static final String CONFLUENT = "io.confluent.connect.avro.AvroConverter";
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    private Converters() {}

    /** Avro single-object encoding. */
    public static Map<String, String> oursWithoutRegistry() {
        return both(OURS, Map.of());
    }

    public static Map<String, String> oursWithRegistry(String url) {
        return both(OURS, Map.of("schema.registry.url", url));
    }

    public static Map<String, String> confluent(String url) {
        return both(CONFLUENT, Map.of("schema.registry.url", url));
    }

    public static Map<String, String> json() {
        return both(JSON, Map.of("schemas.enable", "true"));
    }

    private static Map<String, String> both(String converter, Map<String, String> settings) {
        Map<String, String> config = new LinkedHashMap<>();
        for (String side : new String[] {"key.converter", "value.converter"}) {
            config.put(side, converter);
            settings.forEach((name, value) -> config.put(side + "." + name, value));
        }
        return config;
    }
}
