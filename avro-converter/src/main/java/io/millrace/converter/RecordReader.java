package io.millrace.converter;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/**
 * Reads whole records of one schema, to their last byte.
 *
 * @param schema the Connect schema of the values
 * @param decoder reads the value
 */
record RecordReader(Schema schema, ValueDecoder decoder) {

    /** @param start where the value begins, after the format's header */
    SchemaAndValue read(byte[] bytes, int start) {
        AvroInput in = new AvroInput(bytes, start);
        Object value = decoder.decode(in);
        if (in.remaining() > 0) {
            throw in.failure(in.remaining() + " bytes are left after the value");
        }
        return new SchemaAndValue(schema, value);
    }
}
