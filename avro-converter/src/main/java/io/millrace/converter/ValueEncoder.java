package io.millrace.converter;

/**
 * Writes values of one Connect schema as one Avro schema's binary encoding. Holds no state, safe for any thread.
 *
 * <p>A class and no interface, as is {@link ValueDecoder}: the virtual machine finds a method of one of many classes
 * sooner when it need not look for the interface first, and here it does so for every field.
 */
abstract class ValueEncoder {

    /** @throws CodecFailure if the value does not fit the schema */
    abstract void encode(Object value, AvroOutput out);

    /** What stands for null and for nothing else: the branch of a union. Negative where null is no value, or not that. */
    int nullBranch() {
        return -1;
    }
}
