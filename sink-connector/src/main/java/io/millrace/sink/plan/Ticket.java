package io.millrace.sink.plan;

import io.millrace.sink.checkpoint.LogPartition;

/**
 * One record of the log and how much of it is still to be applied. A record is done when everything that was planned from it
 * is done, however late: the parts of a value and the commands of a transaction end with the last of them.
 *
 * <p>Belongs to the thread that applies.
 */
public class Ticket {

    private final LogPartition partition;
    private final long offset;
    private final long timestamp;
    private int open = 1;

    /** @param timestamp of the record, in milliseconds since the epoch; -1 when it has none */
    public Ticket(String topic, int partition, long offset, long timestamp) {
        this.partition = new LogPartition(topic, partition);
        this.offset = offset;
        this.timestamp = timestamp;
    }

    public final String topic() {
        return partition.topic();
    }

    public final int partition() {
        return partition.number();
    }

    public final LogPartition logPartition() {
        return partition;
    }

    public final long offset() {
        return offset;
    }

    public final long timestamp() {
        return timestamp;
    }

    final void hold() {
        open++;
    }

    /** One of the things that kept the record open is done. The first hold is that of planning itself. */
    public final void release() {
        if (open == 0) {
            throw new IllegalStateException(this + " was released more often than held");
        }
        open--;
    }

    public final boolean isDone() {
        return open == 0;
    }

    /** For example {@code orders-0@1234}. */
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
