package io.millrace.converter;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writes a struct as a record: its fields in the order of the Avro schema. */
final class StructEncoder extends ValueEncoder {

    /**
     * One field of the record.
     *
     * @param field the struct's field, or null when the struct has none and the record's default is written
     * @param encoder writes the field's value, or the default
     */
    record Slot(Field field, ValueEncoder encoder) {}

    private final Schema schema;
    private final boolean defaults;
    private Field[] fields;
    private ValueEncoder[] encoders;

    /** For each field what stands for null; negative where its encoder knows what to do. */
    private int[] nulls;

    /** @param defaults whether an absent field has its schema's default value */
    StructEncoder(Schema schema, boolean defaults) {
        this.schema = schema;
        this.defaults = defaults;
    }

    /** Set once, before the encoder is published: the fields of a recursive schema need the encoder itself. */
    void fill(Slot[] filled) {
        int[] nullBranches = new int[filled.length];
        Field[] from = new Field[filled.length];
        ValueEncoder[] each = new ValueEncoder[filled.length];
        for (int i = 0; i < filled.length; i++) {
            from[i] = filled[i].field();
            each[i] = filled[i].encoder();
            nullBranches[i] = each[i].nullBranch();
        }
        this.fields = from;
        this.encoders = each;
        this.nulls = nullBranches;
    }

    @Override
    void encode(Object value, AvroOutput out) {
        if (!(value instanceof Struct struct)) {
            throw Encoders.mismatch("STRUCT", value);
        }
        if (struct.schema() != schema && !struct.schema().equals(schema)) {
            throw new CodecFailure(
                    "the struct is of another schema, " + struct.schema().name());
        }
        for (int i = 0; i < encoders.length; i++) {
            Field field = fields[i];
            if (field == null) {
                encoders[i].encode(null, out);
                continue;
            }
            Object content = defaults ? struct.get(field) : struct.getWithoutDefault(field.name());
            if (content == null && nulls[i] >= 0) {
                out.int32(nulls[i]);
                continue;
            }
            try {
                encoders[i].encode(content, out);
            } catch (CodecFailure e) {
                throw e.within(field.name());
            }
        }
    }
}
