package io.millrace.change;

/** Absolute expiries, in milliseconds since the epoch. */
public final class Expiry {

    /** Stands for a key or a field that does not expire. Redis has no expiry before the epoch. */
    public static final long NONE = -1;

    private Expiry() {}
}
