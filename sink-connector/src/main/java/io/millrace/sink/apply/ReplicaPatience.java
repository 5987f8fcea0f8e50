package io.millrace.sink.apply;

import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for replicas that are behind, but not for ever: one that does not come back must not stop everything. Belongs to the
 * thread that applies.
 */
final class ReplicaPatience {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaPatience.class);

    /** How long what must be noted at once waits for replicas that have lost their master. */
    private static final long PATIENCE_MILLIS = 60_000;

    /** What is done when replicas have everything. */
    interface Step {
        /** @param all whether replicas count that have lost their master, and may take its place all the same */
        boolean ask(boolean all) throws ApplyAbortedException, SessionEndedException;
    }

    private final SessionParts parts;
    private boolean withoutLostReplicas;

    ReplicaPatience(SessionParts parts) {
        this.parts = parts;
    }

    void await(Step step) throws ApplyAbortedException, SessionEndedException {
        long since = parts.millis().getAsLong();
        while (!step.ask(true)) {
            if (withoutLostReplicas || parts.millis().getAsLong() - since > PATIENCE_MILLIS) {
                if (!withoutLostReplicas) {
                    withoutLostReplicas = true;
                    LOG.warn(
                            "A command has waited {} s for replicas that are not connected to their master. Now only connected"
                                    + " ones count: if another is made master, the command's effect may be lost with it. Check"
                                    + " INFO replication of every node.",
                            PATIENCE_MILLIS / 1000);
                }
                if (step.ask(false)) {
                    return;
                }
            }
            RedisFailure why = RedisFailure.of(Kind.NOREPLICAS, "replicas do not acknowledge what their masters send");
            parts.report().failed(why);
            parts.abort().pause(parts.retries().failed(why, parts.millis().getAsLong()));
        }
        withoutLostReplicas = false;
        parts.retries().progress();
        parts.report().recovered();
    }
}
