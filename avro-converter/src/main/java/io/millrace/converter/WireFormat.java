package io.millrace.converter;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;

/** How the bytes of a record name the schema that they were written with. Safe for any thread. */
sealed interface WireFormat extends AutoCloseable permits ConfluentFormat, SingleObjectFormat {

    /**
     * Writes a value that is not null.
     *
     * @throws CodecFailure if the value does not fit its schema or the schema cannot be used
     * @throws org.apache.kafka.connect.errors.RetriableException if the registry cannot be reached for now
     */
    byte[] write(String topic, Schema schema, Object value);

    /**
     * Reads a record that is not null.
     *
     * @throws CodecFailure if the bytes are not of this format or not of their schema
     * @throws org.apache.kafka.connect.errors.RetriableException if the registry cannot be reached for now
     */
    SchemaAndValue read(String topic, byte[] bytes);

    @Override
    void close();
}
