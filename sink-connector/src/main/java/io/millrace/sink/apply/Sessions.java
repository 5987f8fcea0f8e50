package io.millrace.sink.apply;

/**
 * Opens the sessions of one sink, one after another; remembers between them what it has claimed, so that a later owner is
 * told from a claim that the destination's failover has lost. This is where a standalone destination and a cluster differ.
 */
public interface Sessions {

    /**
     * Connects, claims the partitions and reads their checkpoints.
     *
     * @throws io.millrace.failure.RedisFailureException when the destination does not let it, for now or for good
     * @throws SinkFailure when the task cannot go on: another sink has taken over, or the destination was emptied
     */
    Session open() throws ApplyAbortedException;
}
