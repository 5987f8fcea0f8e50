package io.millrace.converter;

import io.millrace.converter.StructEncoder.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Walks a Connect schema and the Avro schema that it is written with side by side, once, and makes the encoder between
 * them. Fields are matched by name. One use each.
 */
final class EncoderCompiler {

    private record Pair(Identity<Schema> connect, Identity<org.apache.avro.Schema> avro) {}

    private final boolean defaults;
    private final Map<Pair, StructEncoder> structs = new HashMap<>();

    private EncoderCompiler(boolean defaults) {
        this.defaults = defaults;
    }

    /**
     * @param defaults whether an absent field has its schema's default value
     * @throws CodecFailure if values of the one schema cannot be written as the other
     */
    static ValueEncoder compile(Schema from, org.apache.avro.Schema to, boolean defaults) {
        return new EncoderCompiler(defaults).compile(from, to);
    }

    private ValueEncoder compile(Schema from, org.apache.avro.Schema to) {
        if (to.getType() == org.apache.avro.Schema.Type.UNION) {
            return ConnectUnion.is(from) ? union(from, to) : branch(from, to);
        }
        return switch (from.type()) {
            case INT8 -> when(to, org.apache.avro.Schema.Type.INT, from, Encoders.INT8);
            case INT16 -> when(to, org.apache.avro.Schema.Type.INT, from, Encoders.INT16);
            case INT32 -> when(to, org.apache.avro.Schema.Type.INT, from, int32(from));
            case INT64 ->
                when(
                        to,
                        org.apache.avro.Schema.Type.LONG,
                        from,
                        Timestamp.LOGICAL_NAME.equals(from.name()) ? Encoders.TIMESTAMP : Encoders.INT64);
            case FLOAT32 -> when(to, org.apache.avro.Schema.Type.FLOAT, from, Encoders.FLOAT32);
            case FLOAT64 -> when(to, org.apache.avro.Schema.Type.DOUBLE, from, Encoders.FLOAT64);
            case BOOLEAN -> when(to, org.apache.avro.Schema.Type.BOOLEAN, from, Encoders.BOOLEAN);
            case STRING ->
                to.getType() == org.apache.avro.Schema.Type.ENUM
                        ? Encoders.symbol(to)
                        : when(to, org.apache.avro.Schema.Type.STRING, from, Encoders.STRING);
            case BYTES ->
                bytes(
                        from,
                        to,
                        to.getType() == org.apache.avro.Schema.Type.FIXED
                                ? Encoders.fixed(to.getFixedSize())
                                : when(to, org.apache.avro.Schema.Type.BYTES, from, Encoders.BYTES));
            case ARRAY -> array(from, to);
            case MAP -> map(from, to);
            case STRUCT -> struct(from, to);
        };
    }

    private static ValueEncoder int32(Schema from) {
        if (Date.LOGICAL_NAME.equals(from.name())) {
            return Encoders.DATE;
        }
        return Time.LOGICAL_NAME.equals(from.name()) ? Encoders.TIME : Encoders.INT32;
    }

    static ValueEncoder bytes(Schema from, org.apache.avro.Schema to, ValueEncoder bytes) {
        if (from.type() != Schema.Type.BYTES) {
            throw disagree(from, to);
        }
        return Decimal.LOGICAL_NAME.equals(from.name()) ? Encoders.decimal(from, bytes) : bytes;
    }

    private ValueEncoder array(Schema from, org.apache.avro.Schema to) {
        require(to, org.apache.avro.Schema.Type.ARRAY, from);
        return Encoders.array(step("[]", from.valueSchema(), to.getElementType()));
    }

    private ValueEncoder map(Schema from, org.apache.avro.Schema to) {
        if (to.getType() == org.apache.avro.Schema.Type.MAP) {
            if (from.keySchema().type() != Schema.Type.STRING) {
                throw disagree(from, to);
            }
            return Encoders.map(Encoders.STRING, step("[]", from.valueSchema(), to.getValueType()));
        }
        MapEntry entry = MapEntry.of(from, to);
        return Encoders.map(
                step("[key]", from.keySchema(), entry.key()), step("[value]", from.valueSchema(), entry.value()));
    }

    private ValueEncoder struct(Schema from, org.apache.avro.Schema to) {
        require(to, org.apache.avro.Schema.Type.RECORD, from);
        Pair pair = new Pair(new Identity<>(from), new Identity<>(to));
        StructEncoder known = structs.get(pair);
        if (known != null) {
            return known;
        }
        StructEncoder encoder = new StructEncoder(from, defaults);
        structs.put(pair, encoder);
        for (Field field : from.fields()) {
            if (to.getField(field.name()) == null) {
                throw new CodecFailure("the record " + to.getFullName() + " of the Avro schema has no field '"
                        + field.name() + "', which the Connect schema has: its values would be lost");
            }
        }
        List<org.apache.avro.Schema.Field> targets = to.getFields();
        Slot[] slots = new Slot[targets.size()];
        for (int i = 0; i < slots.length; i++) {
            org.apache.avro.Schema.Field target = targets.get(i);
            Field field = from.field(target.name());
            slots[i] = field == null
                    ? new Slot(null, Encoders.constant(defaultOf(target)))
                    : new Slot(field, step(field.name(), field.schema(), target.schema()));
        }
        encoder.fill(slots);
        return encoder;
    }

    private ValueEncoder union(Schema from, org.apache.avro.Schema to) {
        int[] branches = ConnectUnion.branches(from, to);
        ValueEncoder[] encoders = new ValueEncoder[branches.length];
        for (int i = 0; i < branches.length; i++) {
            Field field = from.fields().get(i);
            encoders[i] = step(field.name(), field.schema(), to.getTypes().get(branches[i]));
        }
        return new UnionEncoder(from, ConnectUnion.nullBranch(to), branches, encoders);
    }

    /** Of a union with null and perhaps more, the one branch that the Connect schema is. */
    private ValueEncoder branch(Schema from, org.apache.avro.Schema to) {
        List<org.apache.avro.Schema> types = to.getTypes();
        CodecFailure first = null;
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).getType() == org.apache.avro.Schema.Type.NULL) {
                continue;
            }
            try {
                return Encoders.branch(ConnectUnion.nullBranch(to), i, compile(from, types.get(i)));
            } catch (CodecFailure e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? disagree(from, to) : first;
    }

    private ValueEncoder step(String name, Schema from, org.apache.avro.Schema to) {
        try {
            return compile(from, to);
        } catch (CodecFailure e) {
            throw e.within(name);
        }
    }

    private static byte[] defaultOf(org.apache.avro.Schema.Field field) {
        if (!field.hasDefaultValue()) {
            throw new CodecFailure("the Avro schema has a field '" + field.name()
                    + "' without a default, which the Connect schema does not have");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(field.schema()).write(GenericData.get().getDefaultValue(field), encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static ValueEncoder when(
            org.apache.avro.Schema to, org.apache.avro.Schema.Type expected, Schema from, ValueEncoder encoder) {
        require(to, expected, from);
        return encoder;
    }

    private static void require(org.apache.avro.Schema to, org.apache.avro.Schema.Type expected, Schema from) {
        if (to.getType() != expected) {
            throw disagree(from, to);
        }
    }

    static CodecFailure disagree(Schema connect, org.apache.avro.Schema avro) {
        return new CodecFailure("the Connect schema has " + connect.type()
                + (connect.name() == null ? "" : " " + connect.name()) + " where the Avro schema has "
                + avro.getType());
    }
}
