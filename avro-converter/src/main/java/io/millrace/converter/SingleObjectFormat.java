package io.millrace.converter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/**
 * Avro single-object encoding (Apache Avro specification, "Single-object encoding"): C3 01, then the fingerprint of the
 * schema in little-endian order, then the value. Needs no registry: readers know the schemas.
 */
final class SingleObjectFormat implements WireFormat {

    private static final int HEADER = 10;
    private static final byte MARK_0 = (byte) 0xC3;
    private static final byte MARK_1 = 0x01;
    private static final int WRITERS = 100;

    private final KnownSchemas known;
    private final SchemaTranslation translation;
    private final SchemaMemo<RecordWriter> writers = new SchemaMemo<>(WRITERS);

    /** Made once: it is handed over for each record. */
    private final Function<Schema, RecordWriter> write = this::writer;

    private final Map<Long, RecordReader> readers = new ConcurrentHashMap<>();
    private final AtomicReference<AvroOutput> spare = new AtomicReference<>();

    SingleObjectFormat(KnownSchemas known, SchemaTranslation translation) {
        this.known = known;
        this.translation = translation;
    }

    /** Whether the bytes begin as a record of this format does; one in Confluent's format begins with 0. */
    static boolean marks(byte[] bytes) {
        return bytes.length >= HEADER && bytes[0] == MARK_0 && bytes[1] == MARK_1;
    }

    @Override
    public byte[] write(String topic, Schema schema, Object value) {
        return writers.get(schema, write).write(value, spare);
    }

    @Override
    public SchemaAndValue read(String topic, byte[] bytes) {
        if (!marks(bytes)) {
            throw new CodecFailure(
                    bytes.length > 4 && bytes[0] == 0
                            ? "it looks like Confluent's wire format with schema id "
                                    + ByteBuffer.wrap(bytes, 1, 4).getInt()
                                    + ", not Avro single-object encoding; set schema.registry.url of this converter to"
                                    + " the registry that the writer used"
                            : "it is not Avro single-object encoding, which begins with C3 01 and a fingerprint;"
                                    + " configure the converter that wrote the topic");
        }
        long fingerprint =
                ByteBuffer.wrap(bytes, 2, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        RecordReader reader = readers.get(fingerprint);
        if (reader == null) {
            reader = reader(fingerprint);
            readers.put(fingerprint, reader);
        }
        return reader.read(bytes, HEADER);
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    private RecordWriter writer(Schema schema) {
        org.apache.avro.Schema avro = translation.toAvro(schema);
        long fingerprint = KnownSchemas.fingerprint(avro);
        if (known.find(fingerprint) == null) {
            throw new CodecFailure("without a registry only Millrace's own events can be written, and the schema "
                    + schema.name() + " (fingerprint " + hex(fingerprint)
                    + ") is none of them; set schema.registry.url of this converter");
        }
        byte[] header = ByteBuffer.allocate(HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARK_0)
                .put(MARK_1)
                .putLong(fingerprint)
                .array();
        return new RecordWriter(header, translation.encoder(schema, avro));
    }

    private RecordReader reader(long fingerprint) {
        org.apache.avro.Schema avro = known.find(fingerprint);
        if (avro == null) {
            throw new CodecFailure(
                    "no known schema has the fingerprint " + hex(fingerprint)
                            + "; the record was written by a later version of Millrace: use that version's converter to read it");
        }
        Schema schema = translation.toConnect(avro, null);
        return new RecordReader(schema, DecoderCompiler.compile(avro, schema));
    }

    private static String hex(long fingerprint) {
        return String.format("%016x", fingerprint);
    }
}
