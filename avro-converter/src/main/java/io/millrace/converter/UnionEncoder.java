package io.millrace.converter;

import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Writes the struct that stands for a union ({@link ConnectUnion}) as the branch of its first present field. */
final class UnionEncoder extends ValueEncoder {

    private final Schema schema;
    private final List<Field> fields;
    private final int nullBranch;
    private final int[] branches;
    private final ValueEncoder[] encoders;

    UnionEncoder(Schema schema, int nullBranch, int[] branches, ValueEncoder[] encoders) {
        this.schema = schema;
        this.fields = schema.fields();
        this.nullBranch = nullBranch;
        this.branches = branches;
        this.encoders = encoders;
    }

    @Override
    void encode(Object value, AvroOutput out) {
        if (value != null) {
            if (!(value instanceof Struct struct)) {
                throw Encoders.mismatch("STRUCT", value);
            }
            if (struct.schema() != schema && !struct.schema().equals(schema)) {
                throw new CodecFailure(
                        "the struct is of another schema, " + struct.schema().name());
            }
            for (int i = 0; i < branches.length; i++) {
                Object content = struct.get(fields.get(i));
                if (content != null) {
                    out.int32(branches[i]);
                    encoders[i].encode(content, out);
                    return;
                }
            }
        }
        if (nullBranch < 0) {
            throw new CodecFailure("none of the union's fields is present");
        }
        out.int32(nullBranch);
    }
}
