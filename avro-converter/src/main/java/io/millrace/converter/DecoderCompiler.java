package io.millrace.converter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Walks the Avro schema that records were written with and the Connect schema that AvroData makes of it side by side,
 * once, and makes the decoder between them. One use each.
 */
final class DecoderCompiler {

    private record Pair(Identity<org.apache.avro.Schema> avro, Identity<Schema> connect) {}

    private final Map<Pair, StructDecoder> structs = new HashMap<>();

    private DecoderCompiler() {}

    /** @throws CodecFailure if values of the one schema cannot be read as the other */
    static ValueDecoder compile(org.apache.avro.Schema from, Schema to) {
        return new DecoderCompiler().decoder(from, to);
    }

    private ValueDecoder decoder(org.apache.avro.Schema from, Schema to) {
        return switch (from.getType()) {
            case UNION -> ConnectUnion.is(to) ? union(from, to) : branches(from, to);
            case NULL -> Decoders.NULL;
            case INT -> int32(from, to);
            case LONG ->
                when(
                        to,
                        Schema.Type.INT64,
                        from,
                        Timestamp.LOGICAL_NAME.equals(to.name()) ? Decoders.TIMESTAMP : Decoders.INT64);
            case FLOAT -> when(to, Schema.Type.FLOAT32, from, Decoders.FLOAT32);
            case DOUBLE -> when(to, Schema.Type.FLOAT64, from, Decoders.FLOAT64);
            case BOOLEAN -> when(to, Schema.Type.BOOLEAN, from, Decoders.BOOLEAN);
            case STRING -> when(to, Schema.Type.STRING, from, Decoders.STRING);
            case ENUM -> when(to, Schema.Type.STRING, from, Decoders.symbol(from.getEnumSymbols()));
            case BYTES -> bytes(from, to, Decoders.BYTES);
            case FIXED -> bytes(from, to, Decoders.fixed(from.getFixedSize()));
            case ARRAY -> array(from, to);
            case MAP -> {
                require(to, Schema.Type.MAP, from);
                yield Decoders.map(Decoders.STRING, step("[]", from.getValueType(), to.valueSchema()));
            }
            case RECORD -> struct(from, to);
        };
    }

    private static ValueDecoder int32(org.apache.avro.Schema from, Schema to) {
        return switch (to.type()) {
            case INT8 -> Decoders.INT8;
            case INT16 -> Decoders.INT16;
            case INT32 -> {
                if (Date.LOGICAL_NAME.equals(to.name())) {
                    yield Decoders.DATE;
                }
                yield Time.LOGICAL_NAME.equals(to.name()) ? Decoders.TIME : Decoders.INT32;
            }
            default -> throw EncoderCompiler.disagree(to, from);
        };
    }

    static ValueDecoder bytes(org.apache.avro.Schema from, Schema to, ValueDecoder bytes) {
        require(to, Schema.Type.BYTES, from);
        return Decimal.LOGICAL_NAME.equals(to.name()) ? Decoders.decimal(to, bytes) : bytes;
    }

    private ValueDecoder array(org.apache.avro.Schema from, Schema to) {
        if (to.type() == Schema.Type.MAP) {
            MapEntry entry = MapEntry.of(to, from);
            return Decoders.map(
                    step("[key]", entry.key(), to.keySchema()), step("[value]", entry.value(), to.valueSchema()));
        }
        require(to, Schema.Type.ARRAY, from);
        return Decoders.array(step("[]", from.getElementType(), to.valueSchema()));
    }

    private ValueDecoder struct(org.apache.avro.Schema from, Schema to) {
        require(to, Schema.Type.STRUCT, from);
        Pair pair = new Pair(new Identity<>(from), new Identity<>(to));
        StructDecoder known = structs.get(pair);
        if (known != null) {
            return known;
        }
        StructDecoder decoder = new StructDecoder(to);
        structs.put(pair, decoder);
        List<org.apache.avro.Schema.Field> written = from.getFields();
        Field[] fields = new Field[written.size()];
        ValueDecoder[] decoders = new ValueDecoder[fields.length];
        for (int i = 0; i < fields.length; i++) {
            org.apache.avro.Schema.Field source = written.get(i);
            fields[i] = to.field(source.name());
            if (fields[i] == null) {
                throw new CodecFailure("the Connect schema has no field '" + source.name() + "' of the Avro record "
                        + from.getFullName());
            }
            decoders[i] = step(source.name(), source.schema(), fields[i].schema());
        }
        decoder.fill(fields, decoders);
        return decoder;
    }

    private ValueDecoder branches(org.apache.avro.Schema from, Schema to) {
        List<org.apache.avro.Schema> types = from.getTypes();
        ValueDecoder[] branches = new ValueDecoder[types.size()];
        for (int i = 0; i < branches.length; i++) {
            branches[i] = decoder(types.get(i), to);
        }
        return Decoders.branch(branches);
    }

    private ValueDecoder union(org.apache.avro.Schema from, Schema to) {
        int[] branches = ConnectUnion.branches(to, from);
        int[] fields = new int[from.getTypes().size()];
        Arrays.fill(fields, -1);
        ValueDecoder[] decoders = new ValueDecoder[fields.length];
        for (int i = 0; i < branches.length; i++) {
            Field field = to.fields().get(i);
            fields[branches[i]] = i;
            decoders[branches[i]] = step(field.name(), from.getTypes().get(branches[i]), field.schema());
        }
        return Decoders.union(to, fields, decoders);
    }

    private ValueDecoder step(String name, org.apache.avro.Schema from, Schema to) {
        try {
            return decoder(from, to);
        } catch (CodecFailure e) {
            throw e.within(name);
        }
    }

    private static ValueDecoder when(Schema to, Schema.Type expected, org.apache.avro.Schema from, ValueDecoder made) {
        require(to, expected, from);
        return made;
    }

    private static void require(Schema to, Schema.Type expected, org.apache.avro.Schema from) {
        if (to.type() != expected) {
            throw EncoderCompiler.disagree(to, from);
        }
    }
}
