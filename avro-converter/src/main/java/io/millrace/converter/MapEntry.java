package io.millrace.converter;

import io.confluent.connect.avro.AvroData;
import org.apache.kafka.connect.data.Schema;

/** The record of key and value in the array that {@link AvroData} makes of a map whose keys are not strings. */
record MapEntry(org.apache.avro.Schema key, org.apache.avro.Schema value) {

    static MapEntry of(Schema map, org.apache.avro.Schema array) {
        if (array.getType() != org.apache.avro.Schema.Type.ARRAY
                || array.getElementType().getType() != org.apache.avro.Schema.Type.RECORD) {
            throw EncoderCompiler.disagree(map, array);
        }
        org.apache.avro.Schema entry = array.getElementType();
        org.apache.avro.Schema.Field key = entry.getField(AvroData.KEY_FIELD);
        org.apache.avro.Schema.Field value = entry.getField(AvroData.VALUE_FIELD);
        // The compiled codec writes and reads key before value.
        if (entry.getFields().size() != 2 || key == null || value == null || key.pos() != 0) {
            throw EncoderCompiler.disagree(map, array);
        }
        return new MapEntry(key.schema(), value.schema());
    }
}
