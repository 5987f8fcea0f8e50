package io.millrace.converter;

import io.millrace.codec.FilledStruct;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** Reads a record as a struct. */
final class StructDecoder extends ValueDecoder {

    private final Schema schema;
    private Field[] fields;
    private ValueDecoder[] decoders;
    private int leastBytes;

    StructDecoder(Schema schema) {
        this.schema = schema;
    }

    /** Set once, before the decoder is published: the fields of a recursive schema need the decoder itself. */
    void fill(Field[] filled, ValueDecoder[] decodes) {
        this.fields = filled;
        this.decoders = decodes;
        int least = 0;
        for (ValueDecoder decoder : decodes) {
            least += decoder.leastBytes();
        }
        this.leastBytes = least;
    }

    @Override
    Object decode(AvroInput in) {
        in.enter();
        FilledStruct struct = new FilledStruct(schema);
        for (int i = 0; i < decoders.length; i++) {
            try {
                struct.set(fields[i], decoders[i].decode(in));
            } catch (CodecFailure e) {
                throw e.within(fields[i].name());
            }
        }
        in.leave();
        return struct;
    }

    @Override
    int leastBytes() {
        return leastBytes;
    }
}
