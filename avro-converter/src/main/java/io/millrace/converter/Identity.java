package io.millrace.converter;

/** Compares by identity, as a part of a key: schemas may be recursive, and comparing them deeply is slow. */
record Identity<T>(T value) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Identity<?> that && that.value == value;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(value);
    }
}
