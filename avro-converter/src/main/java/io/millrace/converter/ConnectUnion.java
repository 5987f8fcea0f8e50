package io.millrace.converter;

import io.confluent.connect.avro.AvroData;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;

/**
 * How {@link AvroData} stands for an Avro union in Connect: a struct of a reserved name (or with a reserved parameter)
 * with one optional field for each branch but null, in the order of the branches.
 */
final class ConnectUnion {

    private ConnectUnion() {}

    static boolean is(Schema schema) {
        return schema.type() == Schema.Type.STRUCT
                && (AvroData.AVRO_TYPE_UNION.equals(schema.name())
                        || (schema.parameters() != null
                                && schema.parameters().containsKey(AvroData.GENERALIZED_TYPE_UNION)));
    }

    /** The branches that are not null: the index of each among all branches. */
    static int[] branches(Schema schema, org.apache.avro.Schema union) {
        List<org.apache.avro.Schema> types = union.getTypes();
        List<Integer> found = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).getType() != org.apache.avro.Schema.Type.NULL) {
                found.add(i);
            }
        }
        if (found.size() != schema.fields().size()) {
            throw new CodecFailure("the Connect schema has a union of "
                    + schema.fields().size() + " types where the Avro schema has one of " + found.size());
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The index of the null branch, or -1. */
    static int nullBranch(org.apache.avro.Schema union) {
        List<org.apache.avro.Schema> types = union.getTypes();
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i).getType() == org.apache.avro.Schema.Type.NULL) {
                return i;
            }
        }
        return -1;
    }
}
