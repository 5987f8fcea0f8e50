package io.millrace.converter;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/**
 * Confluent's wire format: 0, then the id of the schema in the registry as four bytes in big-endian order, then the
 * value. Reads single-object encoding too, so that a topic stays readable when its converter is given a registry.
 */
final class ConfluentFormat implements WireFormat {

    private static final int HEADER = 5;
    private static final byte MAGIC = 0;
    private static final int WRITERS = 1000;

    private record ReaderKey(String topic, int id) {}

    private final SchemaRegistry registry;
    private final SchemaTranslation translation;
    private final SingleObjectFormat singleObject;
    private final Map<String, SchemaMemo<RecordWriter>> writers = new ConcurrentHashMap<>();
    private final Map<ReaderKey, RecordReader> readers = new ConcurrentHashMap<>();
    private final AtomicReference<AvroOutput> spare = new AtomicReference<>();

    ConfluentFormat(SchemaRegistry registry, SchemaTranslation translation, SingleObjectFormat singleObject) {
        this.registry = registry;
        this.translation = translation;
        this.singleObject = singleObject;
    }

    @Override
    public byte[] write(String topic, Schema schema, Object value) {
        SchemaMemo<RecordWriter> ofTopic = writers.get(topic);
        if (ofTopic == null) {
            ofTopic = writers.computeIfAbsent(topic, t -> new SchemaMemo<>(WRITERS));
        }
        return ofTopic.get(schema, s -> writer(topic, s)).write(value, spare);
    }

    @Override
    public SchemaAndValue read(String topic, byte[] bytes) {
        if (SingleObjectFormat.marks(bytes)) {
            return singleObject.read(topic, bytes);
        }
        if (bytes.length < HEADER || bytes[0] != MAGIC) {
            throw new CodecFailure("it is not Confluent's wire format, which begins with 0 and the schema's id in four"
                    + " bytes; configure the converter that wrote the topic");
        }
        ReaderKey key = new ReaderKey(topic, ByteBuffer.wrap(bytes, 1, 4).getInt());
        RecordReader reader = readers.get(key);
        if (reader == null) {
            reader = reader(key);
            readers.put(key, reader);
        }
        return reader.read(bytes, HEADER);
    }

    @Override
    public void close() {
        registry.close();
    }

    private RecordWriter writer(String topic, Schema schema) {
        SchemaRegistry.Registered registered = registry.schemaToWrite(topic, translation.toAvro(schema));
        byte[] header =
                ByteBuffer.allocate(HEADER).put(MAGIC).putInt(registered.id()).array();
        ValueEncoder encoder = translation.encoder(schema, registered.schema());
        if (isBytes(registered.schema())) {
            // A record that is bytes and nothing else goes without a length; see AbstractKafkaAvroSerializer.
            encoder = EncoderCompiler.bytes(schema, registered.schema(), Encoders.RAW_BYTES);
        }
        return new RecordWriter(header, encoder);
    }

    private RecordReader reader(ReaderKey key) {
        SchemaRegistry.Registered registered = registry.schemaToRead(key.topic(), key.id());
        org.apache.avro.Schema avro = registered.schema();
        Schema schema = translation.toConnect(avro, registered.version());
        return new RecordReader(
                schema,
                isBytes(avro)
                        ? DecoderCompiler.bytes(avro, schema, Decoders.RAW_BYTES)
                        : DecoderCompiler.compile(avro, schema));
    }

    private static boolean isBytes(org.apache.avro.Schema schema) {
        return schema.getType() == org.apache.avro.Schema.Type.BYTES;
    }
}
