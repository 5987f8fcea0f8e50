package io.millrace.converter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Random Connect schemas, every struct and map named, and values of them; the same for the same seed. */
final class RandomData {

    private static final int DEEPEST = 3;
    private static final long DAY = 86_400_000L;

    private final Random random;
    private int names;

    RandomData(long seed) {
        this.random = new Random(seed);
    }

    Schema struct() {
        return structure(0, false);
    }

    Schema any() {
        return schema(0, false, true);
    }

    private Schema structure(int depth, boolean optional) {
        SchemaBuilder builder = SchemaBuilder.struct().name("io.millrace.test.S" + names++);
        int fields = 1 + random.nextInt(6);
        for (int i = 0; i < fields; i++) {
            builder.field("f" + i, schema(depth + 1, random.nextBoolean(), true));
        }
        return optional ? builder.optional().build() : builder.build();
    }

    private Schema schema(int depth, boolean optional, boolean defaults) {
        int kind = random.nextInt(depth >= DEEPEST ? 13 : 17);
        if (kind == 16) {
            return structure(depth, optional);
        }
        SchemaBuilder builder = switch (kind) {
            case 0 -> SchemaBuilder.int8();
            case 1 -> SchemaBuilder.int16();
            case 2 -> SchemaBuilder.int32();
            case 3 -> SchemaBuilder.int64();
            case 4 -> SchemaBuilder.float32();
            case 5 -> SchemaBuilder.float64();
            case 6 -> SchemaBuilder.bool();
            case 7 -> SchemaBuilder.string();
            case 8 -> SchemaBuilder.bytes();
            case 9 -> Decimal.builder(random.nextInt(5));
            case 10 -> Date.builder();
            case 11 -> Time.builder();
            case 12 -> Timestamp.builder();
            case 13 -> SchemaBuilder.array(schema(depth + 1, random.nextBoolean(), false));
            case 14 -> SchemaBuilder.map(Schema.STRING_SCHEMA, schema(depth + 1, random.nextBoolean(), false));
            default ->
                SchemaBuilder.map(key(), schema(depth + 1, random.nextBoolean(), false))
                        .name("io.millrace.test.M" + names++);
        };
        if (optional) {
            builder.optional();
        }
        if (defaults && kind < 9 && depth > 0 && random.nextInt(4) == 0) {
            builder.defaultValue(value(builder));
        }
        return builder.build();
    }

    private Schema key() {
        return switch (random.nextInt(4)) {
            case 0 -> Schema.INT32_SCHEMA;
            case 1 -> Schema.BYTES_SCHEMA;
            case 2 -> Schema.OPTIONAL_STRING_SCHEMA;
            default -> Schema.INT64_SCHEMA;
        };
    }

    /** A value of the schema; null, where it is optional, one time in four. */
    Object value(Schema schema) {
        if (schema.isOptional() && random.nextInt(4) == 0) {
            return null;
        }
        if (schema.name() != null) {
            switch (schema.name()) {
                case Decimal.LOGICAL_NAME -> {
                    int scale = Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD));
                    return new BigDecimal(new BigInteger(random.nextInt(200), random), scale);
                }
                case Date.LOGICAL_NAME -> {
                    return new java.util.Date(random.nextInt(40_000) * DAY);
                }
                case Time.LOGICAL_NAME -> {
                    return new java.util.Date(random.nextInt((int) DAY));
                }
                case Timestamp.LOGICAL_NAME -> {
                    return new java.util.Date(random.nextLong() >> random.nextInt(64));
                }
                default -> {
                    // a struct or a map
                }
            }
        }
        return switch (schema.type()) {
            case INT8 -> (byte) random.nextInt();
            case INT16 -> (short) random.nextInt();
            case INT32 -> random.nextInt() >> random.nextInt(32);
            case INT64 -> random.nextLong() >> random.nextInt(64);
            case FLOAT32 -> random.nextInt(8) == 0 ? Float.NEGATIVE_INFINITY : random.nextFloat();
            case FLOAT64 -> random.nextInt(8) == 0 ? -0.0 : random.nextDouble();
            case BOOLEAN -> random.nextBoolean();
            case STRING -> text();
            case BYTES -> bytes();
            case ARRAY -> array(schema);
            case MAP -> map(schema);
            case STRUCT -> struct(schema);
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(10);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(random.nextBoolean() ? 'a' + random.nextInt(26) : 0x10000 + random.nextInt(5000));
        }
        return text.toString();
    }

    private ByteBuffer bytes() {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 300 : 12)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private List<Object> array(Schema schema) {
        List<Object> array = new ArrayList<>();
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            array.add(value(schema.valueSchema()));
        }
        return array;
    }

    private Map<Object, Object> map(Schema schema) {
        Map<Object, Object> map = new HashMap<>();
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
            map.put(value(schema.keySchema()), value(schema.valueSchema()));
        }
        return map;
    }

    private Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (Field field : schema.fields()) {
            struct.put(field, value(field.schema()));
        }
        return struct;
    }
}
