package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.connect.avro.AvroConverter;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.codec.ChangeCodec;
import io.millrace.codec.ChangeSchemas;
import io.millrace.events.ChangeBatch;
import io.millrace.events.ChangeKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events pass through the converter whole, and consumers with generated classes read them. */
class EventRecordsTest {

    private static final String TOPIC = "changes";
    private static final String SCOPE = "events";

    private final ChangeCodec codec = new ChangeCodec();

    @BeforeEach
    void emptyRegistry() {
        MockSchemaRegistry.dropScope(SCOPE);
    }

    @Test
    void everyChangeSurvivesWithoutARegistry() {
        try (MillraceAvroConverter converter = new MillraceAvroConverter()) {
            converter.configure(Map.of(), false);
            survive(converter, converter);
        }
    }

    @Test
    void everyChangeSurvivesBetweenThisConverterAndConfluents() {
        AvroConverter theirs = Converters.theirs(SCOPE);
        try (MillraceAvroConverter ours = Converters.ours(SCOPE)) {
            survive(ours, ours);
            survive(ours, theirs);
            survive(theirs, ours);
        }
    }

    @Test
    void generatedClassesReadWhatEitherConverterWrote() {
        AvroConverter theirs = Converters.theirs(SCOPE);
        try (MillraceAvroConverter ours = Converters.ours(SCOPE);
                KafkaAvroDeserializer consumer = new KafkaAvroDeserializer()) {
            consumer.configure(Converters.settings(SCOPE, "specific.avro.reader", "true"), false);
            for (Converter writer : List.<Converter>of(ours, theirs)) {
                for (Change change : SampleChanges.all()) {
                    byte[] bytes = writer.fromConnectData(TOPIC, ChangeSchemas.CHANGE, codec.single(change));
                    io.millrace.events.Change event = (io.millrace.events.Change) consumer.deserialize(TOPIC, bytes);
                    assertThat(event.getKind()).isEqualTo(change.kind());
                    assertThat(event.getOffset()).isEqualTo(change.offset());
                    assertThat(event.getKey()).isEqualTo(change.key() == null ? null : ByteBuffer.wrap(change.key()));
                    assertThat(event.getOrigin().getShard()).isEqualTo("0");
                }
                byte[] batch = writer.fromConnectData(
                        TOPIC + "-batch", ChangeSchemas.BATCH, codec.batch(SampleChanges.ORIGIN, SampleChanges.all()));
                ChangeBatch read = (ChangeBatch) consumer.deserialize(TOPIC + "-batch", batch);
                assertThat(read.getChanges()).hasSameSizeAs(SampleChanges.all());
                assertThat(read.getChanges().get(0).getCommand().getArgs())
                        .containsExactly(
                                ByteBuffer.wrap(SampleChanges.bytes("key")),
                                ByteBuffer.wrap(SampleChanges.bytes("value")));
            }
        }
    }

    @Test
    void generatedClassesReadSingleObjectEncoding() throws Exception {
        CommandChange change = (CommandChange) SampleChanges.all().get(0);
        try (MillraceAvroConverter converter = new MillraceAvroConverter()) {
            converter.configure(Map.of(), true);
            io.millrace.events.Change event = io.millrace.events.Change.getDecoder()
                    .decode(converter.fromConnectData(TOPIC, ChangeSchemas.CHANGE, codec.single(change)));
            assertThat(event.getCommand().getName()).isEqualTo("SET");
            ChangeKey key = ChangeKey.getDecoder()
                    .decode(converter.fromConnectData(TOPIC, ChangeSchemas.KEY, codec.key(change)));
            assertThat(key.getKey()).isEqualTo(ByteBuffer.wrap(change.key()));
            byte[] written = event.toByteBuffer().array();
            assertThat(codec.read(
                            converter.toConnectData(TOPIC, written).schema(),
                            converter.toConnectData(TOPIC, written).value()))
                    .containsExactly(change);
        }
    }

    @Test
    void theRegistryHoldsTheDocumentedSchema() throws Exception {
        try (MillraceAvroConverter ours = Converters.ours(SCOPE)) {
            ours.fromConnectData(
                    TOPIC,
                    ChangeSchemas.CHANGE,
                    codec.single(SampleChanges.all().get(0)));
        }
        assertThat(Converters.registry(SCOPE)
                        .getLatestSchemaMetadata(TOPIC + "-value")
                        .getSchema())
                .contains("One change of a Redis keyspace");
    }

    @Test
    void aTopicStaysReadableWhenItsConverterIsGivenARegistry() {
        Change change = SampleChanges.all().get(0);
        try (MillraceAvroConverter before = new MillraceAvroConverter();
                MillraceAvroConverter after = Converters.ours(SCOPE)) {
            before.configure(Map.of(), false);
            byte[] bytes = before.fromConnectData(TOPIC, ChangeSchemas.CHANGE, codec.single(change));
            SchemaAndValue read = after.toConnectData(TOPIC, bytes);
            assertThat(codec.read(read.schema(), read.value())).containsExactly(change);
        }
    }

    private void survive(Converter writer, Converter reader) {
        for (Change change : SampleChanges.all()) {
            SchemaAndValue read = reader.toConnectData(
                    TOPIC, writer.fromConnectData(TOPIC, ChangeSchemas.CHANGE, codec.single(change)));
            assertThat(codec.read(read.schema(), read.value()))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(change));
        }
        SchemaAndValue read = reader.toConnectData(
                TOPIC,
                writer.fromConnectData(
                        TOPIC, ChangeSchemas.BATCH, codec.batch(SampleChanges.ORIGIN, SampleChanges.all())));
        assertThat(codec.read(read.schema(), read.value()))
                .usingRecursiveComparison()
                .isEqualTo(SampleChanges.all());
    }
}
