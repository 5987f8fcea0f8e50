package io.millrace.rdb;

/** What a value, or all of it, would lose at a server that is older than its own or of the other family. */
public enum Loss {
    /** Expiries of hash fields: Redis 7.4 and Valkey 9.0 have them. */
    FIELD_EXPIRY("the expiries of its fields", false),
    /** What modules noted at the key: Redis 8.6. */
    KEY_METADATA("the metadata that modules keep at the key", false),
    /** Which producers have added entries to a stream: Redis 8.6. */
    PRODUCERS("what the stream remembers of idempotent producers", false),
    /** A stream: Redis 5.0. */
    STREAM("the stream", true),
    /** A vector set: Redis 8.0, and no Valkey. */
    VECTOR_SET("the vector set", true),
    /** A vector set of Redis 8.6, whose graph is saved in a way that earlier ones do not read (hnsw.c). */
    VECTOR_SET_FORM("the vector set in the form of its version", true),
    /** A module's value at a server that has no module. */
    MODULE("the value of a module", true);

    private final String words;
    private final boolean whole;

    Loss(String words, boolean whole) {
        this.words = words;
        this.whole = whole;
    }

    /** Whether nothing is left of the value without it. */
    public boolean isWhole() {
        return whole;
    }

    /** For a sentence: "the expiries of its fields". */
    @Override
    public String toString() {
        return words;
    }
}
