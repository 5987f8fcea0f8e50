package io.millrace.converter;

/** Writes values of one Connect schema as one Avro schema's binary encoding. Holds no state, safe for any thread. */
@FunctionalInterface
interface ValueEncoder {

    /** @throws CodecFailure if the value does not fit the schema */
    void encode(Object value, AvroOutput out);
}
