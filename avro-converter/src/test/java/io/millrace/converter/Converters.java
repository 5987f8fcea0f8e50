package io.millrace.converter;

import io.confluent.connect.avro.AvroConverter;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** This converter and Confluent's, on one registry within the JVM. */
final class Converters {

    private Converters() {}

    static MillraceAvroConverter ours(String scope, String... more) {
        MillraceAvroConverter converter = new MillraceAvroConverter();
        converter.configure(settings(scope, more), false);
        return converter;
    }

    static AvroConverter theirs(String scope, String... more) {
        AvroConverter converter = new AvroConverter();
        converter.configure(settings(scope, more), false);
        return converter;
    }

    /** One without a registry, that knows these schemas. */
    static MillraceAvroConverter singleObject(Schema... schemas) {
        MillraceAvroConverter converter = new MillraceAvroConverter();
        converter.use(new SingleObjectFormat(KnownSchemas.of(List.of(schemas)), translation()));
        return converter;
    }

    static SchemaTranslation translation() {
        return new SchemaTranslation(Map.of(), KnownSchemas.ofEvents());
    }

    static SchemaRegistryClient registry(String scope) {
        return MockSchemaRegistry.getClientForScope(scope);
    }

    static int register(String scope, String topic, Schema schema) {
        try {
            return registry(scope).register(topic + "-value", new AvroSchema(schema));
        } catch (IOException | RestClientException e) {
            throw new AssertionError(e);
        }
    }

    static Map<String, String> settings(String scope, String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("schema.registry.url", "mock://" + scope);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }
}
