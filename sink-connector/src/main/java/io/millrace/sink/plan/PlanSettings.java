package io.millrace.sink.plan;

/**
 * What the user decides about the plan.
 *
 * @param unsupported what becomes of what cannot exist at the destination
 * @param publish whether PUBLISH and SPUBLISH are passed on
 * @param maxTransactionBytes up to which size a transaction is kept together, and so in memory
 */
public record PlanSettings(
        DatabaseMap databases,
        CrossSlot crossSlot,
        ConflictPolicy conflicts,
        GhostSettings ghosts,
        ExpiryPolicy expiries,
        UnsupportedPolicy unsupported,
        boolean publish,
        long maxTransactionBytes) {

    /**
     * What becomes of transactions and commands whose keys are in several slots of a cluster. Commands that can be divided
     * without a difference are, always.
     */
    public enum CrossSlot {
        /** They are refused. */
        FAIL,
        /** The commands of each slot are one transaction; a command that cannot be divided is refused. */
        SPLIT,
        /** The same, and a command that cannot be divided is {@link Unit.Route#GATHERED}. */
        COPY
    }

    /** What becomes of a snapshot entry whose key is at the destination already. */
    public enum ConflictPolicy {
        OVERWRITE,
        SKIP,
        FAIL
    }
}
