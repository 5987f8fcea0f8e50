package io.millrace.converter;

/** Reads one Avro schema's binary encoding as values of one Connect schema. Holds no state, safe for any thread. */
abstract class ValueDecoder {

    /** @throws CodecFailure if the bytes are not of the schema */
    abstract Object decode(AvroInput in);

    /** The fewest bytes that a value takes: what bounds the number of elements of an array. */
    int leastBytes() {
        return 1;
    }
}
