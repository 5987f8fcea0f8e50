package io.millrace.sink.plan;

/**
 * Which keys go when the whole destination is looked through, key by key. What Millrace keeps for itself never does.
 *
 * <p>Belongs to the thread that applies.
 */
public interface KeySweep {

    /** Whether there can be such keys in a database of the destination. */
    boolean covers(int db);

    /** @param db the destination's number of the database */
    boolean isUnwanted(int db, byte[] key);

    /** Whether unwanted keys are removed, and not only counted. */
    boolean removes();

    /**
     * Whether a key of the source is gone afterwards.
     *
     * @param sourceDb the source's number of the database
     */
    boolean takes(int sourceDb, byte[] key);

    /**
     * Every master was looked through.
     *
     * @param found unwanted keys that were there
     * @param example one of them, or null
     */
    void swept(long found, byte[] example);

    /** What it looks for, such as {@code the keys that the new snapshot did not bring}. */
    String subject();

    /** What the operator can do who cannot allow it: a sentence. */
    String alternative();
}
