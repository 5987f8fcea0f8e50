package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.connect.avro.AvroData;
import io.confluent.connect.avro.AvroDataConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** Avro single-object encoding, held against Avro's own reader and writer of it. */
class SingleObjectTest {

    private static final String TOPIC = "topic";

    @Property(tries = 300)
    void avroReadsWhatWeWriteAndWeWhatAvroWrites(@ForAll long seed) throws IOException {
        RandomData data = new RandomData(seed);
        Schema schema = data.struct();
        Object value = data.value(schema);
        AvroData avroData = new AvroData(new AvroDataConfig(Map.of()));
        org.apache.avro.Schema avro = avroData.fromConnectSchema(schema);
        SchemaAndValue expected = avroData.toConnectData(avro, avroData.fromConnectData(schema, value));

        try (MillraceAvroConverter converter = Converters.singleObject(avro)) {
            ByteBuffer byAvro =
                    new BinaryMessageEncoder<>(GenericData.get(), avro).encode(avroData.fromConnectData(schema, value));
            byte[] byUs = converter.fromConnectData(TOPIC, schema, value);

            assertThat(converter.toConnectData(TOPIC, Arrays.copyOf(byAvro.array(), byAvro.limit())))
                    .isEqualTo(expected);
            assertThat(converter.toConnectData(TOPIC, byUs)).isEqualTo(expected);
            Object readByAvro = new BinaryMessageDecoder<>(GenericData.get(), avro).decode(byUs);
            assertThat(avroData.toConnectData(avro, readByAvro)).isEqualTo(expected);
        }
    }

    @Test
    void anUnknownFingerprintIsNamedWithTheRemedy() {
        byte[] bytes = {(byte) 0xC3, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0};
        try (MillraceAvroConverter converter = withoutRegistry()) {
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, bytes))
                    .isInstanceOf(DataException.class)
                    .hasMessage("A record of topic topic cannot be read as Avro: no known schema has the fingerprint"
                            + " 0102030405060708; the record was written by a later version of Millrace: use that"
                            + " version's converter to read it.");
        }
    }

    @Test
    void aSchemaThatNoReaderWouldKnowIsNotWritten() {
        Schema schema = new RandomData(1).struct();
        try (MillraceAvroConverter converter = withoutRegistry()) {
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, schema, new Struct(schema)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("io.millrace.test.S0")
                    .hasMessageContaining("set schema.registry.url");
        }
    }

    @Test
    void aRecordOfARegistryIsRecognised() {
        try (MillraceAvroConverter converter = withoutRegistry()) {
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, new byte[] {0, 0, 0, 1, 2, 9, 9}))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("schema id 258")
                    .hasMessageContaining("set schema.registry.url");
            assertThatThrownBy(() ->
                            converter.toConnectData(TOPIC, "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("configure the converter that wrote the topic");
        }
    }

    @Test
    void nullStaysNull() {
        try (MillraceAvroConverter converter = withoutRegistry()) {
            assertThat(converter.fromConnectData(TOPIC, null, null)).isNull();
            assertThat(converter.fromConnectData(TOPIC, Schema.OPTIONAL_BYTES_SCHEMA, null))
                    .isNull();
            assertThat(converter.toConnectData(TOPIC, null)).isEqualTo(SchemaAndValue.NULL);
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, Schema.STRING_SCHEMA, null))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("null stands where the schema has a required STRING");
            assertThatThrownBy(() -> converter.fromConnectData(TOPIC, null, "schemaless"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("without a schema");
        }
    }

    /** Configured without a registry. */
    private static MillraceAvroConverter withoutRegistry() {
        MillraceAvroConverter converter = new MillraceAvroConverter();
        converter.configure(Map.of(), false);
        return converter;
    }
}
