package io.millrace.converter;

import io.confluent.connect.avro.AvroDataConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of the converter: those of Confluent's AvroConverter, with the registry left to choice. */
final class ConverterSettings {

    static final String REGISTRY_URL = AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG;

    private ConverterSettings() {}

    /**
     * The settings' classes are looked up through the thread's class loader. When Connect checks a connector it asks for
     * this with the connector's plugin there, which does not know them.
     */
    static ConfigDef definition() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ConverterSettings.class.getClassLoader());
        try {
            return define();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static ConfigDef define() {
        ConfigDef all = new ConfigDef()
                .define(
                        REGISTRY_URL,
                        ConfigDef.Type.LIST,
                        "",
                        ConfigDef.Importance.HIGH,
                        "Addresses of a schema registry, separated by commas: records are in Confluent's wire format."
                                + " Empty: there is no registry, and records are in Avro single-object encoding,"
                                + " which can hold Millrace's own events only.");
        for (ConfigDef part :
                new ConfigDef[] {KafkaAvroSerializerConfig.baseConfigDef(), AvroDataConfig.baseConfigDef()}) {
            part.configKeys().values().stream()
                    .filter(key -> !all.configKeys().containsKey(key.name))
                    .forEach(all::define);
        }
        return all;
    }

    /** Whether a registry is named. */
    static boolean namesRegistry(Map<String, ?> settings) {
        Object url = settings.get(REGISTRY_URL);
        return url != null && !url.toString().isBlank() && !"[]".equals(url.toString());
    }

    static void check(Map<String, ?> settings) {
        if (new AvroDataConfig(settings).isScrubInvalidNames()) {
            throw new ConfigException(
                    AvroDataConfig.SCRUB_INVALID_NAMES_CONFIG,
                    true,
                    "MillraceAvroConverter matches fields by name and cannot change them; rename the fields with a"
                            + " transform, or use io.confluent.connect.avro.AvroConverter.");
        }
    }
}
