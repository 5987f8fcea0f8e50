package io.millrace.sink.apply;

import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.ResumePoint;

/** Where partitions can be read on as of now. */
public interface ResumePoints {

    /** Null when nothing of the partition was read in this session. */
    ResumePoint of(LogPartition partition);
}
