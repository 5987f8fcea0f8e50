package io.millrace.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** To everybody but who fills it, it is what Connect's own struct is. */
class FilledStructTest {
    private static final Schema INNER = SchemaBuilder.struct()
            .name("Inner")
            .field("text", Schema.STRING_SCHEMA)
            .build();

    private static final Schema OUTER = SchemaBuilder.struct()
            .name("Outer")
            .field("int8", Schema.INT8_SCHEMA)
            .field("int16", Schema.INT16_SCHEMA)
            .field("int32", SchemaBuilder.int32().defaultValue(7).build())
            .field("int64", Schema.OPTIONAL_INT64_SCHEMA)
            .field("float32", Schema.FLOAT32_SCHEMA)
            .field("float64", Schema.FLOAT64_SCHEMA)
            .field("boolean", Schema.BOOLEAN_SCHEMA)
            .field("string", Schema.STRING_SCHEMA)
            .field("bytes", Schema.BYTES_SCHEMA)
            .field("array", SchemaBuilder.array(INNER).build())
            .field(
                    "map",
                    SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build())
            .field("struct", INNER)
            .build();

    private static final byte[] BYTES = {9};

    private static final Struct TEXT = new Struct(INNER).put("text", "a");

    private static Map<String, Object> values() {
        return Map.ofEntries(
                Map.entry("int8", (byte) 1),
                Map.entry("int16", (short) 2),
                Map.entry("int64", 4L),
                Map.entry("float32", 5f),
                Map.entry("float64", 6d),
                Map.entry("boolean", true),
                Map.entry("string", "eight"),
                Map.entry("bytes", BYTES),
                Map.entry("array", List.of(TEXT)),
                Map.entry("map", Map.of("ten", 10)),
                Map.entry("struct", TEXT));
    }

    private static Struct plain() {
        Struct struct = new Struct(OUTER);
        values().forEach(struct::put);
        return struct;
    }

    private static FilledStruct filled() {
        FilledStruct struct = new FilledStruct(OUTER);
        values().forEach(struct::set);
        return struct;
    }

    @Test
    void everyFieldReadsAsInConnectsOwn() {
        Struct ours = filled();
        Struct theirs = plain();
        OUTER.fields().forEach(field -> {
            assertThat(ours.get(field)).isEqualTo(theirs.get(field));
            assertThat(ours.get(field.name())).isEqualTo(theirs.get(field.name()));
            assertThat(ours.getWithoutDefault(field.name())).isEqualTo(theirs.getWithoutDefault(field.name()));
        });
        assertThat(ours.schema()).isSameAs(OUTER);
        assertThat(ours.getInt8("int8")).isEqualTo(theirs.getInt8("int8"));
        assertThat(ours.getInt16("int16")).isEqualTo(theirs.getInt16("int16"));
        assertThat(ours.getInt32("int32")).isEqualTo(theirs.getInt32("int32"));
        assertThat(ours.getInt64("int64")).isEqualTo(theirs.getInt64("int64"));
        assertThat(ours.getFloat32("float32")).isEqualTo(theirs.getFloat32("float32"));
        assertThat(ours.getFloat64("float64")).isEqualTo(theirs.getFloat64("float64"));
        assertThat(ours.getBoolean("boolean")).isEqualTo(theirs.getBoolean("boolean"));
        assertThat(ours.getString("string")).isEqualTo(theirs.getString("string"));
        assertThat(ours.getBytes("bytes")).isEqualTo(theirs.getBytes("bytes"));
        assertThat(ours.<Object>getArray("array")).isEqualTo(theirs.getArray("array"));
        assertThat(ours.<Object, Object>getMap("map")).isEqualTo(theirs.getMap("map"));
        assertThat(ours.getStruct("struct")).isEqualTo(theirs.getStruct("struct"));
        assertThat(ours).hasToString(theirs.toString());
    }

    @Test
    void equalsWhatHoldsTheSame() {
        assertThat(filled()).isEqualTo(filled()).isEqualTo(plain()).hasSameHashCodeAs(plain());
        assertThat(filled().set("string", "other")).isNotEqualTo(filled()).isNotEqualTo(plain());
        assertThat(new FilledStruct(INNER)).isNotEqualTo(new FilledStruct(OUTER));
    }

    @Test
    void bytesMayBeInABuffer() {
        assertThat(filled().set("bytes", ByteBuffer.wrap(new byte[] {3})).getBytes("bytes"))
                .containsExactly(3);
    }

    @Test
    void whatOthersPutIsChecked() {
        assertThat(filled().put("string", "new").getString("string")).isEqualTo("new");
        assertThatThrownBy(() -> filled().put("string", 1)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> filled().put("no such field", 1)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> filled().getString("int8")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new FilledStruct(Schema.STRING_SCHEMA)).isInstanceOf(DataException.class);
    }

    @Test
    void validationFindsWhatWasFilledWrongly() {
        filled().validate();
        assertThatThrownBy(() -> filled().set("int64", "text").validate()).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> filled().set("string", null).validate()).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> filled().set("struct", new FilledStruct(INNER)).validate())
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> filled().set("array", List.of(new FilledStruct(INNER).set("text", 1)))
                        .validate())
                .isInstanceOf(DataException.class);
    }

    @Test
    void connectTakesItForAStruct() {
        Schema holder = SchemaBuilder.struct().field("outer", OUTER).build();
        Struct struct = new Struct(holder).put("outer", filled());
        struct.validate();
        assertThat(struct.getStruct("outer").getString("string")).isEqualTo("eight");
    }
}
