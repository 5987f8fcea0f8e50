package io.millrace.sink.plan;

/**
 * What becomes of keys that the destination has and a new snapshot does not bring.
 *
 * @param maxKeys up to how many keys of a snapshot are remembered
 */
public record GhostSettings(Policy policy, long maxKeys) {

    /** The choices of {@code resync.ghosts}. */
    public enum Policy {
        /** They are removed. */
        REMOVE,
        /** They stay, and nobody looks for them. */
        KEEP,
        /** They stay and are counted. */
        REPORT
    }
}
