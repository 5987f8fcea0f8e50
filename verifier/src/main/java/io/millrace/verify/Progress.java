package io.millrace.verify;

/**
 * How far a comparison has come.
 *
 * @param phase what is being done
 * @param keys keys read in this phase
 * @param total keys that this phase will read, as the servers counted them at its start
 * @param suspects keys that differed and will be looked at again
 * @param differences differences that are certain
 */
public record Progress(Phase phase, long keys, long total, long suspects, long differences) {
    /** The parts of a comparison, in order. */
    public enum Phase {
        /** Every key of the source is looked up in the target and compared. */
        COMPARE,
        /** Every key of the target is looked up in the source. */
        GHOSTS,
        FUNCTIONS
    }

    /** Is told about progress after every batch, on the thread that compares. */
    @FunctionalInterface
    public interface Listener {
        void progress(Progress progress);
    }
}
