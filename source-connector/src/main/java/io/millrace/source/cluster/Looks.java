package io.millrace.source.cluster;

/** The rounds in which all masters of a cluster are looked at. Thread-safe. */
interface Looks {

    /** Waits until everything was looked at that is the case now. */
    void awaitLook() throws InterruptedException;

    /** How many there have been. */
    long rounds();

    /** Whether a shard has left the cluster for good. */
    boolean isRemoved(String shard);
}
