package io.millrace.sink.plan;

import io.millrace.change.Change;

/** Takes what the planner gives, in order. */
public interface Plan {

    void add(Unit unit);

    /**
     * A change that cannot be applied to this destination.
     *
     * @param command its name, or {@code RESTORE} and the like for a snapshot entry
     * @param reason what is wrong and what to do about it: whole sentences
     */
    void refuse(Ticket ticket, Change change, String command, String reason);

    /**
     * The change that is being planned, or the transaction that it ends, has keys in several slots of a cluster.
     *
     * @param command its name, {@code MULTI} for a transaction
     */
    default void crossed(Crossing how, Change change, String command) {}

    /**
     * A change of which a part cannot exist at the destination; the rest follows as a unit.
     *
     * @param reason a sentence that says what cannot exist
     */
    void degraded(Ticket ticket, Change change, String command, String reason);

    /** A change that is left out, because it cannot exist at the destination. */
    void leftOut(Ticket ticket, Change change, String command, String reason);

    /** Everything of its shard up to this change has been given, or needs nothing to be applied. */
    void reached(Change change);

    /** The destination was looked through for what a new snapshot did not bring. */
    void swept(Sweep sweep);

    /**
     * The plan cannot go on.
     *
     * @param sentence what is wrong and what to do about it
     */
    void stop(String sentence);
}
