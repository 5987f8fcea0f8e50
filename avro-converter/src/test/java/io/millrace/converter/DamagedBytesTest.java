package io.millrace.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that were cut, flipped or made up are refused, within the memory that the record's own size explains. */
class DamagedBytesTest {

    private static final String TOPIC = "topic";

    @Property(tries = 100)
    void everyCutIsRefused(@ForAll long seed) {
        RandomData data = new RandomData(seed);
        org.apache.kafka.connect.data.Schema schema = data.struct();
        MockSchemaRegistry.dropScope("cut");
        try (MillraceAvroConverter converter = Converters.ours("cut")) {
            byte[] whole = converter.fromConnectData(TOPIC, schema, data.value(schema));
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> converter.toConnectData(TOPIC, cut))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining(TOPIC);
            }
            byte[] longer = Arrays.copyOf(whole, whole.length + 1);
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, longer))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("1 bytes are left after the value");
        }
    }

    @Property(tries = 200)
    void everyFlipIsReadOrRefused(@ForAll long seed) {
        RandomData data = new RandomData(seed);
        org.apache.kafka.connect.data.Schema schema = data.struct();
        Random random = new Random(seed);
        MockSchemaRegistry.dropScope("flip");
        try (MillraceAvroConverter converter = Converters.ours("flip")) {
            byte[] whole = converter.fromConnectData(TOPIC, schema, data.value(schema));
            for (int i = 0; i < 50 && whole.length > 5; i++) {
                byte[] flipped = whole.clone();
                flipped[5 + random.nextInt(whole.length - 5)] ^= (byte) (1 << random.nextInt(8));
                if (random.nextBoolean()) {
                    flipped[5 + random.nextInt(whole.length - 5)] = (byte) random.nextInt();
                }
                readOrRefuse(converter, flipped);
            }
        }
    }

    @Property(tries = 300)
    void noiseIsReadOrRefused(@ForAll long seed, @ForAll byte[] noise) {
        MockSchemaRegistry.dropScope("noise");
        org.apache.kafka.connect.data.Schema schema = new RandomData(seed).struct();
        try (MillraceAvroConverter converter = Converters.ours("noise")) {
            Converters.register("noise", TOPIC, Converters.translation().toAvro(schema));
            byte[] bytes = new byte[5 + noise.length];
            bytes[4] = 1;
            System.arraycopy(noise, 0, bytes, 5, noise.length);
            readOrRefuse(converter, bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "{\"type\": \"array\", \"items\": \"long\"}",
                "{\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}}",
                "{\"type\": \"map\", \"values\": {\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}}"
            })
    void lengthsBeyondTheRecordAreRefusedBeforeMemoryIsTaken(String avro) {
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"f\", \"type\": [\"null\", "
                        + avro + "]}]}");
        MockSchemaRegistry.dropScope("length");
        Converters.register("length", TOPIC, schema);
        try (MillraceAvroConverter converter = Converters.ours("length")) {
            for (long length : new long[] {Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 40, -1, Long.MIN_VALUE, 1 << 20}) {
                AvroOutput out = new AvroOutput();
                out.raw(new byte[] {0, 0, 0, 0, 1});
                out.int32(1);
                out.int64(length);
                if (length < 0) {
                    out.int64(1L << 50);
                }
                out.raw(new byte[100]);
                byte[] bytes = out.take();
                assertThatThrownBy(() -> converter.toConnectData(TOPIC, bytes))
                        .isInstanceOf(DataException.class)
                        .hasMessageContaining("field f")
                        .hasMessageContaining("announced");
            }
        }
    }

    @Test
    void manyBlocksOfElementsWithoutBytesAreRefused() {
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}}");
        MockSchemaRegistry.dropScope("blocks");
        Converters.register("blocks", TOPIC, schema);
        AvroOutput out = new AvroOutput();
        out.raw(new byte[] {0, 0, 0, 0, 1});
        for (int i = 0; i < 1000; i++) {
            out.int64(60_000);
        }
        out.int32(0);
        try (MillraceAvroConverter converter = Converters.ours("blocks")) {
            byte[] bytes = out.take();
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, bytes))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("a block of 60000 elements");
        }
    }

    @Test
    void endlessRecursionIsRefused() {
        Schema schema = new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"N\", \"fields\": [{\"name\": \"n\", \"type\": [\"null\", \"N\"]}]}");
        MockSchemaRegistry.dropScope("deep");
        Converters.register("deep", TOPIC, schema);
        byte[] bytes = new byte[1_000_005];
        Arrays.fill(bytes, 5, bytes.length, (byte) 2);
        bytes[4] = 1;
        try (MillraceAvroConverter converter = Converters.ours("deep")) {
            assertThatThrownBy(() -> converter.toConnectData(TOPIC, bytes))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("nested more than 256 deep");
        }
    }

    private static void readOrRefuse(MillraceAvroConverter converter, byte[] bytes) {
        try {
            assertThat(converter.toConnectData(TOPIC, bytes).schema()).isNotNull();
        } catch (DataException refused) {
            assertThat(refused).hasMessageContaining(TOPIC).hasMessageContaining("cannot be read as Avro");
        }
    }
}
