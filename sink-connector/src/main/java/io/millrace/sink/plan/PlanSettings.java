package io.millrace.sink.plan;

/**
 * What the user decides about the plan.
 *
 * @param publish whether PUBLISH and SPUBLISH are passed on
 * @param maxTransactionBytes up to which size a transaction is kept together, and so in memory
 */
public record PlanSettings(
        DatabaseMap databases,
        CrossSlot crossSlot,
        ConflictPolicy conflicts,
        GhostSettings ghosts,
        ExpiryPolicy expiries,
        boolean publish,
        long maxTransactionBytes) {

    /** What becomes of a transaction whose keys are in several slots of a cluster. */
    public enum CrossSlot {
        /** It is refused. */
        FAIL,
        /** The commands of each slot are one transaction. */
        SPLIT
    }

    /** What becomes of a snapshot entry whose key is at the destination already. */
    public enum ConflictPolicy {
        OVERWRITE,
        SKIP,
        FAIL
    }
}
