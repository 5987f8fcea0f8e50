package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.Incarnation;
import io.millrace.sink.checkpoint.LogPartition;

/** Another sink has claimed a partition: this one writes nothing more. */
public final class TakenOverException extends SinkFailure {

    private static final long serialVersionUID = 1L;

    TakenOverException(LogPartition partition, Incarnation mine, Incarnation theirs) {
        super(
                "Another sink with this connector's name has taken over " + partition + " (it is owner "
                        + theirs.epoch()
                        + ", this was owner " + mine.epoch()
                        + "); this one has stopped writing. That is as it should be after a rebalance or a switch to another worker;"
                        + " else make sure that only one connector with this name writes to the destination, and restart the task.");
    }
}
