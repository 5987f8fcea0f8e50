package io.millrace.codec;

import io.millrace.change.Change;
import io.millrace.change.Origin;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * Between changes and Connect's structs, both ways. Byte arrays are passed on, never copied.
 *
 * <p>Not thread-safe: the reading side remembers the last schema it met. Use one instance a task.
 */
public final class ChangeCodec {

    private Schema lastSchema;
    private ChangeReader lastReader;

    /** The value of a record that carries one change; its schema is {@link ChangeSchemas#CHANGE}. */
    public Struct single(Change change) {
        return ChangeWriter.write(change, true);
    }

    /**
     * The value of a record that carries several; its schema is {@link ChangeSchemas#BATCH}.
     *
     * @param origin the origin of the first change; all others must share its history
     */
    public Struct batch(Origin origin, List<? extends Change> changes) {
        return ChangeWriter.batch(origin, changes);
    }

    /** The key of a record that carries one change; its schema is {@link ChangeSchemas#KEY}. */
    public Struct key(Change change) {
        return ChangeWriter.key(change);
    }

    /**
     * Reads the value of a record, single or batch, of this version of the schemas or another.
     *
     * @throws DataException if the value is not an event of Millrace; the message says what to do
     */
    public List<Change> read(Schema schema, Object value) {
        if (schema == null || !(value instanceof Struct struct)) {
            throw new DataException("The record's value is not a struct with a schema but "
                    + (value == null ? "null" : value.getClass().getSimpleName())
                    + ". Set value.converter of this connector to the one that wrote the topic; for JsonConverter, "
                    + "set value.converter.schemas.enable=true on both connectors.");
        }
        Schema actual = struct.schema();
        if (actual != lastSchema) {
            lastReader = ChangeReader.of(actual);
            lastSchema = actual;
        }
        return lastReader.read(struct);
    }
}
