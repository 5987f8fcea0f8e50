package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.millrace.change.CommandChange;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** Every version of the contract reads every other one, and so does the code that knows one version only. */
class EventEvolutionTest {

    private static final String TOPIC = "changes";
    private static final String SCOPE = "evolution";

    /**
     * A version under {@code events/src/main/published} is frozen by the release that it goes out with, and is never
     * edited afterwards. When this fails, the current schemas are what must change.
     */
    @Test
    void theCurrentSchemasAndEveryPublishedVersionReadEachOther() throws IOException {
        Map<String, Schema> current = version("/avro/");
        List<Map<String, Schema>> all = new ArrayList<>();
        for (int version = 1; exists("/avro/published/" + version + "/Change.avsc"); version++) {
            all.add(version("/avro/published/" + version + "/"));
        }
        assertThat(all).isNotEmpty();
        for (Map<String, Schema> published : all) {
            current.forEach((name, schema) -> {
                compatible(schema, published.get(name));
                compatible(published.get(name), schema);
            });
        }
    }

    @Test
    void anIncompatibleChangeWouldBeSeen() throws IOException {
        Schema current = version("/avro/").get("ChangeKey.avsc");
        Schema broken = changed(current, fields -> {
            ObjectNode field = fields.addObject();
            field.put("name", "added").put("type", "int");
        });
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(broken, current)
                        .getType())
                .isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
    }

    @Test
    void whatAnOlderSourceWroteIsReadByThisVersion() {
        CommandChange change = SampleChanges.command("SET", -1, null, null, "key", "value");
        org.apache.kafka.connect.data.Schema older = without("reason", "details", "expireAt");
        Struct struct = new Struct(older);
        Struct whole = new ChangeCodec().single(change);
        older.fields().forEach(field -> struct.put(field, whole.get(field.name())));
        read(older, struct, change);
    }

    @Test
    void whatANewerSourceWroteIsReadByThisVersion() {
        CommandChange change = SampleChanges.command("SET", -1, null, null, "key", "value");
        SchemaBuilder builder = copy(ChangeSchemas.CHANGE, List.of());
        builder.field("added", org.apache.kafka.connect.data.Schema.OPTIONAL_STRING_SCHEMA);
        org.apache.kafka.connect.data.Schema newer = builder.build();
        Struct struct = new Struct(newer).put("added", "later");
        Struct whole = new ChangeCodec().single(change);
        ChangeSchemas.CHANGE.fields().forEach(field -> struct.put(field.name(), whole.get(field)));
        read(newer, struct, change);
    }

    private static void read(org.apache.kafka.connect.data.Schema schema, Struct struct, CommandChange expected) {
        MockSchemaRegistry.dropScope(SCOPE);
        try (MillraceAvroConverter converter = Converters.ours(SCOPE);
                KafkaAvroDeserializer consumer = new KafkaAvroDeserializer()) {
            consumer.configure(Converters.settings(SCOPE, "specific.avro.reader", "true"), false);
            byte[] bytes = converter.fromConnectData(TOPIC, schema, struct);

            SchemaAndValue read = converter.toConnectData(TOPIC, bytes);
            assertThat(new ChangeCodec().read(read.schema(), read.value())).containsExactly(expected);
            io.millrace.events.Change event = (io.millrace.events.Change) consumer.deserialize(TOPIC, bytes);
            assertThat(event.getCommand().getName()).isEqualTo("SET");
            assertThat(event.getReason()).isNull();
        }
    }

    private static org.apache.kafka.connect.data.Schema without(String... fields) {
        return copy(ChangeSchemas.CHANGE, List.of(fields)).build();
    }

    private static SchemaBuilder copy(org.apache.kafka.connect.data.Schema schema, List<String> left) {
        SchemaBuilder builder = SchemaBuilder.struct().name(schema.name());
        for (Field field : schema.fields()) {
            if (!left.contains(field.name())) {
                builder.field(field.name(), field.schema());
            }
        }
        return builder;
    }

    private static void compatible(Schema reader, Schema writer) {
        SchemaCompatibility.SchemaPairCompatibility result =
                SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(result.getType()).as(result.getDescription()).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    private interface Edit {
        void edit(ArrayNode fields);
    }

    private static Schema changed(Schema schema, Edit edit) throws IOException {
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(schema.toString());
        edit.edit((ArrayNode) json.get("fields"));
        return new Schema.Parser().parse(json.toString());
    }

    private static Map<String, Schema> version(String directory) throws IOException {
        Schema.Parser parser = new Schema.Parser();
        Map<String, Schema> schemas = new LinkedHashMap<>();
        for (String name : KnownSchemas.EVENTS) {
            try (InputStream in = EventEvolutionTest.class.getResourceAsStream(directory + name)) {
                schemas.put(name, parser.parse(in));
            }
        }
        return schemas;
    }

    private static boolean exists(String resource) {
        return EventEvolutionTest.class.getResource(resource) != null;
    }
}
