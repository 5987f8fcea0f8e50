package io.millrace.change;

import java.util.Map;
import java.util.Objects;

/**
 * Where and when changes were read. One instance is shared by all changes that were read together.
 *
 * @param shard name of the source shard
 * @param generation counts the full synchronisations of the shard, from 1
 * @param replicationId the master history that the offsets count
 * @param capturedAt when the change was read, in milliseconds since the epoch, by the connector's clock
 * @param sourceTime when the source executed it, by the source's clock, or {@link #UNKNOWN}
 * @param sourceTimeError the greatest error of {@code sourceTime}, in milliseconds, or {@link #UNKNOWN}
 * @param tags tags of the connector; empty when it has none
 */
public record Origin(
        String shard,
        int generation,
        String replicationId,
        long capturedAt,
        long sourceTime,
        long sourceTimeError,
        Map<String, String> tags) {

    public static final long UNKNOWN = -1;

    public Origin {
        Objects.requireNonNull(shard, "shard");
        Objects.requireNonNull(replicationId, "replicationId");
        tags = Map.copyOf(tags);
    }

    /** Whether changes of both may share a batch: everything but the times is the same. */
    public boolean sameHistory(Origin other) {
        return generation == other.generation
                && shard.equals(other.shard)
                && replicationId.equals(other.replicationId)
                && tags.equals(other.tags);
    }
}
