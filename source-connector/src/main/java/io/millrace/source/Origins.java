package io.millrace.source;

import io.millrace.change.Origin;
import java.time.Clock;
import java.util.Map;

/** The origin of what is being read: one instance for all that is read together. Owned by the parser's thread. */
final class Origins {

    private static final long EVERY = 256;

    private final String shard;
    private final Map<String, String> tags;
    private final Clock clock;
    private Origin current;

    Origins(String shard, Map<String, String> tags, Clock clock) {
        this.shard = shard;
        this.tags = Map.copyOf(tags);
        this.clock = clock;
    }

    /** From now on everything belongs to this history. */
    Origin begin(int generation, String replicationId) {
        current = new Origin(shard, generation, replicationId, clock.millis(), Origin.UNKNOWN, Origin.UNKNOWN, tags);
        return current;
    }

    /** With the time of now. */
    Origin refresh() {
        return current.capturedAt() == clock.millis() ? current : begin(current.generation(), current.replicationId());
    }

    /** With the time at which it arrived. */
    Origin arrivedAt(long millis) {
        if (current.capturedAt() != millis) {
            current = new Origin(
                    shard, current.generation(), current.replicationId(), millis, Origin.UNKNOWN, Origin.UNKNOWN, tags);
        }
        return current;
    }

    /** Refreshed with every 256th of what is counted. */
    Origin of(long count) {
        return count % EVERY == 0 ? refresh() : current;
    }
}
