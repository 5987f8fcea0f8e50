package io.millrace.codec;

import io.millrace.change.Origin;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Reads origins. */
final class OriginReader {

    private final Shape shape;

    OriginReader(Schema schema) {
        shape = new Shape(
                schema,
                "!shard",
                "!generation",
                "!replicationId",
                "!capturedAt",
                "sourceTime",
                "sourceTimeError",
                "tags");
    }

    Origin read(Struct struct) {
        return new Origin(
                shape.text(struct, 0),
                (int) shape.number(struct, 1, 0),
                shape.text(struct, 2),
                shape.number(struct, 3, 0),
                shape.number(struct, 4, Origin.UNKNOWN),
                shape.number(struct, 5, Origin.UNKNOWN),
                shape.texts(struct, 6));
    }
}
