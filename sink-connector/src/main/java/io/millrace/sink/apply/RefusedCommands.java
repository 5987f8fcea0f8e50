package io.millrace.sink.apply;

import io.millrace.endpoint.Address;
import io.millrace.failure.RedisFailure;
import io.millrace.sink.plan.PlannedCommand;

/** Decides about commands that the destination refuses for good. */
public interface RefusedCommands {

    /**
     * Returns when the record was reported and applying goes on without the command.
     *
     * @throws SinkFailure when the task is to stop
     */
    void refused(PlannedCommand command, Address node, RedisFailure failure);

    /** An error or 0 that means that the command's effect is there already, or is not wanted: nothing is lost. */
    void skipped(PlannedCommand command, RedisFailure failure);

    /**
     * A sink before this one has stopped at commands that were refused, after what follows them was applied with them.
     *
     * @param sentence about them
     * @throws SinkFailure when this one is to stop, too, until somebody decides
     */
    void refusedBefore(String sentence);
}
