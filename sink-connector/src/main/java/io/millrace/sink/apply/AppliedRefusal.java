package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.LogPartition;

/** Commands of a transaction were refused, the task is to stop, and the rest of the transaction is applied and noted. */
final class AppliedRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient LogPartition partition;

    AppliedRefusal(LogPartition partition, String sentence) {
        super(sentence, null, false, false);
        this.partition = partition;
    }

    LogPartition partition() {
        return partition;
    }
}
