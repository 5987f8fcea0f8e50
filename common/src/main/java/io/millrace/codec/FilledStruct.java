package io.millrace.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * A struct that whoever knows its schema fills without checks. Connect's own checks every value at {@link Struct#put}, in
 * Kafka 4.3 with everything below it and with the text of a message that is hardly ever needed: two thirds of the time of
 * a record of many changes. To everybody else this is a struct as any other; what they {@link #put} is checked.
 *
 * <p>Not thread-safe while it is filled.
 */
public final class FilledStruct extends Struct {
    /** For the superclass, whose fields are private and would only take memory. */
    private static final Schema NOTHING = SchemaBuilder.struct().build();

    private final Schema schema;
    private final Object[] values;

    /** @param schema of a struct */
    public FilledStruct(Schema schema) {
        super(NOTHING);
        if (schema.type() != Schema.Type.STRUCT) {
            throw new DataException("Not a struct schema: " + schema);
        }
        this.schema = schema;
        this.values = new Object[schema.fields().size()];
    }

    /** Sets a value of which the caller knows that the field's schema allows it; {@link #validate} would find out. */
    public FilledStruct set(Field field, Object value) {
        values[field.index()] = value;
        return this;
    }

    /** The same by name, for what is not done often. */
    FilledStruct set(String field, Object value) {
        return set(field(field), value);
    }

    private Field field(String name) {
        Field field = schema.field(name);
        if (field == null) {
            throw new DataException(name + " is not a valid field name");
        }
        return field;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Object get(String name) {
        return get(field(name));
    }

    @Override
    public Object get(Field field) {
        Object value = values[field.index()];
        return value == null ? field.schema().defaultValue() : value;
    }

    @Override
    public Object getWithoutDefault(String name) {
        return values[field(name).index()];
    }

    @Override
    public Byte getInt8(String name) {
        return (Byte) checked(name, Schema.Type.INT8);
    }

    @Override
    public Short getInt16(String name) {
        return (Short) checked(name, Schema.Type.INT16);
    }

    @Override
    public Integer getInt32(String name) {
        return (Integer) checked(name, Schema.Type.INT32);
    }

    @Override
    public Long getInt64(String name) {
        return (Long) checked(name, Schema.Type.INT64);
    }

    @Override
    public Float getFloat32(String name) {
        return (Float) checked(name, Schema.Type.FLOAT32);
    }

    @Override
    public Double getFloat64(String name) {
        return (Double) checked(name, Schema.Type.FLOAT64);
    }

    @Override
    public Boolean getBoolean(String name) {
        return (Boolean) checked(name, Schema.Type.BOOLEAN);
    }

    @Override
    public String getString(String name) {
        return (String) checked(name, Schema.Type.STRING);
    }

    @Override
    public byte[] getBytes(String name) {
        Object bytes = checked(name, Schema.Type.BYTES);
        return bytes instanceof ByteBuffer buffer ? buffer.array() : (byte[]) bytes;
    }

    @Override
    @SuppressWarnings("unchecked") // as the superclass has it
    public <T> List<T> getArray(String name) {
        return (List<T>) checked(name, Schema.Type.ARRAY);
    }

    @Override
    @SuppressWarnings("unchecked") // as the superclass has it
    public <K, V> Map<K, V> getMap(String name) {
        return (Map<K, V>) checked(name, Schema.Type.MAP);
    }

    @Override
    public Struct getStruct(String name) {
        return (Struct) checked(name, Schema.Type.STRUCT);
    }

    private Object checked(String name, Schema.Type type) {
        Field field = field(name);
        if (field.schema().type() != type) {
            throw new DataException("Field '" + name + "' is not of type " + type);
        }
        return values[field.index()];
    }

    @Override
    public Struct put(String name, Object value) {
        return put(field(name), value);
    }

    @Override
    public Struct put(Field field, Object value) {
        ConnectSchema.validateValue(field.name(), field.schema(), value);
        return set(field, value);
    }

    @Override
    public void validate() {
        for (Field field : schema.fields()) {
            Object value = values[field.index()];
            if (value != null || (!field.schema().isOptional() && field.schema().defaultValue() == null)) {
                ConnectSchema.validateValue(field.name(), field.schema(), value);
                validateWithin(value);
            }
        }
    }

    /** Kafka before 4.3 does not look inside. */
    private static void validateWithin(Object value) {
        if (value instanceof Struct struct) {
            struct.validate();
        } else if (value instanceof List<?> list) {
            list.forEach(FilledStruct::validateWithin);
        }
    }

    /** Also a struct of the other class is equal when all its values are. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Struct struct) || !schema.equals(struct.schema())) {
            return false;
        }
        for (Field field : schema.fields()) {
            if (!Objects.deepEquals(values[field.index()], struct.getWithoutDefault(field.name()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Objects.hash(schema, Arrays.deepHashCode(values));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Struct{");
        String separator = "";
        for (Field field : schema.fields()) {
            Object value = values[field.index()];
            if (value != null) {
                text.append(separator).append(field.name()).append('=').append(value);
                separator = ",";
            }
        }
        return text.append('}').toString();
    }
}
