package io.millrace.source.spool;

/** What a spool tells of itself, once for each time that it fills up. Called on the spool's own threads. */
interface SpoolEvents {

    /** Memory and files are full; the link waits. */
    void full(long heldBytes);

    /** Half of that is read. */
    void roomAgain();
}
