package io.millrace.sink.apply;

/**
 * What is promised about changes whose applying is interrupted. It opens the sessions of one sink, one after another, and
 * remembers between them what a session alone does not know.
 *
 * <p>{@link AtLeastOnce} has one session. {@link StandaloneOnce} and {@link ClusterOnce} are effectively-once, each with sessions of
 * its own, and nothing outside of this package tells them apart.
 */
public interface DeliveryStrategy {

    /** Whether sessions say where reading begins, so that nothing may be taken before one is open. */
    boolean decidesWhereToRead();

    /**
     * Connects and, where partitions have owners, claims them and reads their checkpoints.
     *
     * @throws io.millrace.failure.RedisFailureException when the destination does not let it, for now or for good
     * @throws TakenOverException when another sink has claimed a partition after this one
     * @throws SinkFailure when the task cannot go on
     */
    Session open() throws ApplyAbortedException;
}
