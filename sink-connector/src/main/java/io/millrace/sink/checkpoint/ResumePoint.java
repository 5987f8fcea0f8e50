package io.millrace.sink.checkpoint;

import java.util.Map;

/**
 * Where a partition is to be read on, and what the planner knew when it was there.
 *
 * @param offset Kafka offset: everything before it is done
 * @param shards the source shards as planned before that offset, by name
 * @param before timestamp of the record just before that offset, in milliseconds since the epoch, or {@link #UNKNOWN}: a topic
 *     that was made anew has another record there
 */
public record ResumePoint(long offset, Map<String, ShardMark> shards, long before) {

    public static final long UNKNOWN = -1;

    public ResumePoint {
        shards = Map.copyOf(shards);
    }

    public ResumePoint(long offset, Map<String, ShardMark> shards) {
        this(offset, shards, UNKNOWN);
    }

    /** Where reading must begin so that the record before comes, too; the offset itself when nothing is known of it. */
    public long firstToRead() {
        return before == UNKNOWN ? offset : offset - 1;
    }
}
