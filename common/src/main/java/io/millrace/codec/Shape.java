package io.millrace.codec;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * A struct's fields found once by name, so that a record costs no look-ups. A field that the writer's schema does not
 * have reads as absent; one that it must have is refused with its name.
 */
final class Shape {

    private final String name;
    private final Field[] fields;

    /** Finds the named fields; a name that begins with {@code !} must be there. */
    Shape(Schema schema, String... names) {
        if (schema == null || schema.type() != Schema.Type.STRUCT) {
            throw new DataException("The record's schema has " + (schema == null ? "nothing" : schema.type())
                    + " where a struct with " + String.join(", ", names) + " belongs.");
        }
        this.name = schema.name();
        this.fields = new Field[names.length];
        for (int i = 0; i < names.length; i++) {
            boolean required = names[i].charAt(0) == '!';
            String field = required ? names[i].substring(1) : names[i];
            fields[i] = schema.field(field);
            if (required && fields[i] == null) {
                throw new DataException("The schema " + name + " has no field '" + field
                        + "': the record was not written by a Millrace source connector.");
            }
        }
    }

    /** The schema of a field, or null when there is no such field. */
    Schema schemaOf(int field) {
        return fields[field] == null ? null : fields[field].schema();
    }

    boolean has(int field) {
        return fields[field] != null;
    }

    Object get(Struct struct, int field) {
        Field found = fields[field];
        return found == null ? null : struct.get(found);
    }

    byte[] bytes(Struct struct, int field) {
        return toBytes(get(struct, field));
    }

    String text(Struct struct, int field) {
        return (String) get(struct, field);
    }

    long number(Struct struct, int field, long absent) {
        Object value = get(struct, field);
        return value == null ? absent : ((Number) value).longValue();
    }

    boolean flag(Struct struct, int field) {
        return Boolean.TRUE.equals(get(struct, field));
    }

    Struct struct(Struct struct, int field) {
        return (Struct) get(struct, field);
    }

    /** The elements of an array, none when it is absent. */
    List<?> list(Struct struct, int field) {
        Object value = get(struct, field);
        return value == null ? List.of() : (List<?>) value;
    }

    @SuppressWarnings("unchecked") // the schema says map of string to string
    Map<String, String> texts(Struct struct, int field) {
        Object value = get(struct, field);
        return value == null ? Map.of() : (Map<String, String>) value;
    }

    /** Converters give BYTES as an array or as a buffer. */
    static byte[] toBytes(Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        ByteBuffer buffer = (ByteBuffer) value;
        if (buffer.hasArray()
                && buffer.arrayOffset() == 0
                && buffer.position() == 0
                && buffer.remaining() == buffer.array().length) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Schema elementOf(Schema array) {
        return array == null ? null : array.valueSchema();
    }
}
