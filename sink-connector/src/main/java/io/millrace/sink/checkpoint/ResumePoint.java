package io.millrace.sink.checkpoint;

import java.util.Map;

/**
 * Where a partition is to be read on, and what the planner knew when it was there.
 *
 * @param offset Kafka offset: everything before it is done
 * @param shards the source shards as planned before that offset, by name
 */
public record ResumePoint(long offset, Map<String, ShardMark> shards) {

    public ResumePoint {
        shards = Map.copyOf(shards);
    }
}
