package io.millrace.converter;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/** Reads whole records of one schema, to their last byte. Thread-safe. */
final class RecordReader {

    private final Schema schema;
    private final ValueDecoder decoder;

    /** Borrowed, not shared: whoever finds none makes one. */
    private final AtomicReference<ShortStrings> spare = new AtomicReference<>();

    /**
     * @param schema the Connect schema of the values
     * @param decoder reads the value
     */
    RecordReader(Schema schema, ValueDecoder decoder) {
        this.schema = schema;
        this.decoder = decoder;
    }

    /** @param start where the value begins, after the format's header */
    SchemaAndValue read(byte[] bytes, int start) {
        ShortStrings strings = spare.getAndSet(null);
        if (strings == null) {
            strings = new ShortStrings();
        }
        try {
            AvroInput in = new AvroInput(bytes, start, strings);
            Object value = decoder.decode(in);
            if (in.remaining() > 0) {
                throw in.failure(in.remaining() + " bytes are left after the value");
            }
            return new SchemaAndValue(schema, value);
        } finally {
            spare.set(strings);
        }
    }
}
