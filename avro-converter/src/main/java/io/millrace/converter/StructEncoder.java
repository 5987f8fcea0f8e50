package io.millrace.converter;

import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writes a struct as a record: its fields in the order of the Avro schema. */
final class StructEncoder implements ValueEncoder {

    /**
     * One field of the record.
     *
     * @param field the struct's field, or null when the struct has none and the record's default is written
     * @param encoder writes the field's value, or the default
     */
    record Slot(Field field, ValueEncoder encoder) {}

    private final Schema schema;
    private final boolean defaults;
    private Slot[] slots;

    /** @param defaults whether an absent field has its schema's default value */
    StructEncoder(Schema schema, boolean defaults) {
        this.schema = schema;
        this.defaults = defaults;
    }

    /** Set once, before the encoder is published: the fields of a recursive schema need the encoder itself. */
    void fill(Slot[] filled) {
        this.slots = filled;
    }

    @Override
    public void encode(Object value, AvroOutput out) {
        if (!(value instanceof Struct struct)) {
            throw Encoders.mismatch("STRUCT", value);
        }
        if (struct.schema() != schema && !struct.schema().equals(schema)) {
            throw new CodecFailure(
                    "the struct is of another schema, " + struct.schema().name());
        }
        for (Slot slot : slots) {
            Field field = slot.field();
            if (field == null) {
                slot.encoder().encode(null, out);
                continue;
            }
            try {
                slot.encoder().encode(defaults ? struct.get(field) : struct.getWithoutDefault(field.name()), out);
            } catch (CodecFailure e) {
                throw e.within(field.name());
            }
        }
    }
}
