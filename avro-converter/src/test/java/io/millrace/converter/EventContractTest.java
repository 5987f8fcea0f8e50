package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.connect.avro.AvroData;
import io.confluent.connect.avro.AvroDataConfig;
import io.millrace.codec.ChangeSchemas;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The published schemas are what Confluent's AvroData makes of our Connect schemas. */
class EventContractTest {

    @Test
    void thePublishedSchemasAreThoseOfTheConnectSchemas() {
        same(ChangeSchemas.KEY, "ChangeKey");
        same(ChangeSchemas.CHANGE, "Change");
        same(ChangeSchemas.BATCH, "ChangeBatch");
    }

    /** Equality of Avro schemas takes in types, names, order, defaults and properties, and leaves out docs. */
    private static void same(org.apache.kafka.connect.data.Schema schema, String name) {
        Schema made = new AvroData(new AvroDataConfig(Map.of())).fromConnectSchema(schema);
        Schema published = published(name);
        assertThat(made.toString(true))
                .isEqualTo(DocumentedSchemas.withoutDocs(published).toString(true));
        assertThat(made).isEqualTo(published);
        assertThat(KnownSchemas.fingerprint(made)).isEqualTo(KnownSchemas.fingerprint(published));
    }

    private static Schema published(String name) {
        return KnownSchemas.ofEvents().all().stream()
                .filter(s -> s.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
