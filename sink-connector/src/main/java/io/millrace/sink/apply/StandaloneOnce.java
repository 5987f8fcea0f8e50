package io.millrace.sink.apply;

import io.millrace.client.Node;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.CheckpointStore;
import io.millrace.sink.checkpoint.Incarnation;
import io.millrace.sink.checkpoint.LogPartition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Effectively-once for a standalone destination. A partition has one checkpoint, in database 0, which is written in the
 * transactions of its data; whoever owns the checkpoint may write.
 */
public final class StandaloneOnce implements DeliveryStrategy {

    private final SessionParts parts;
    private final Set<LogPartition> partitions;
    private final CheckpointKeys keys;
    private final Claims claims = new Claims();

    public StandaloneOnce(SessionParts parts, Set<LogPartition> partitions) {
        this.parts = parts;
        this.partitions = Set.copyOf(partitions);
        this.keys = new CheckpointKeys(parts.connector());
    }

    @Override
    public boolean decidesWhereToRead() {
        return true;
    }

    @Override
    public Session open() {
        Node node = parts.nodes().openFirst();
        try {
            Map<LogPartition, Checkpoint> claimed = new LinkedHashMap<>();
            for (LogPartition partition : partitions) {
                claimed.put(partition, claim(node, partition));
            }
            return new StandaloneSession(parts, node, keys, claims, claimed);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private Checkpoint claim(Node node, LogPartition partition) {
        byte[] key = keys.main(partition);
        while (true) {
            Checkpoint found = watch(node, key);
            Incarnation before = claims.of(partition);
            Incarnation next = claims.next(partition, found);
            if (found.refused() != null) {
                parts.refused().refusedBefore(found.refused());
            }
            Checkpoint mine = found.withOwner(next).withRefused(null);
            // Noted first: when the connection is lost now, nobody knows whether the claim was written.
            claims.claimed(partition, next);
            if (CheckpointStore.replace(node, key, mine)) {
                if (mine.resume() != null) {
                    claims.written(partition);
                }
                return mine;
            }
            claims.claimed(partition, before);
        }
    }

    private static Checkpoint watch(Node node, byte[] key) {
        try {
            return CheckpointStore.watch(node, key);
        } catch (IllegalArgumentException e) {
            throw new SinkFailure(e.getMessage(), e);
        }
    }
}
