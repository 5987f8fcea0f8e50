package io.millrace.sink.checkpoint;

import io.millrace.client.ClusterLayout;
import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Changes the checkpoints of a connector from outside of its sessions, on a standalone destination or a cluster. */
public final class CheckpointRewind {

    private final NodeConnector connector;
    private final CheckpointKeys keys;
    private final ClusterLayout layout;

    /** @throws RedisFailureException when a cluster's layout cannot be read */
    public CheckpointRewind(NodeConnector connector, CheckpointKeys keys) {
        this.connector = connector;
        this.keys = keys;
        this.layout = connector.endpoint().topology() == Topology.CLUSTER ? new ClusterView(connector).layout() : null;
    }

    /**
     * Lets partitions be read from other offsets, and everything from there be applied. Whoever owned them writes nothing more.
     *
     * @param offsets null for a partition that is to begin where the consumer group says
     * @throws RedisFailureException when the destination does not let it; some may be set then
     * @throws IllegalArgumentException with a sentence when a key holds something else
     */
    public void rewind(Map<LogPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            byte[] key = keys.main(partition);
            try (Node node = connector.open(address(key))) {
                Checkpoint found;
                Checkpoint next;
                do {
                    found = CheckpointStore.watch(node, key);
                    next = new Checkpoint(
                            Incarnation.after(found.owner()),
                            fenced(found),
                            LogPosition.NONE,
                            offset == null ? null : new ResumePoint(offset, Map.of()),
                            Set.of(),
                            null);
                } while (!CheckpointStore.replace(node, key, next));
            }
        });
        if (layout != null) {
            for (Address master : layout.masters()) {
                removeSlots(master, offsets.keySet());
            }
        }
    }

    /** On a cluster the next owner still has to shut the last one out by the name of its connections. */
    private List<String> fenced(Checkpoint found) {
        List<String> ids = new ArrayList<>(found.fenced());
        if (layout != null && found.owner() != null) {
            ids.add(found.owner().id());
        }
        return ids;
    }

    private void removeSlots(Address master, Set<LogPartition> partitions) {
        try (Node node = connector.open(master)) {
            int sent = 0;
            for (int slot = 0; slot < HashSlot.COUNT; slot++) {
                if (master.equals(layout.master(slot))) {
                    for (LogPartition partition : partitions) {
                        node.connection().sendCommand(Protocol.Command.DEL, keys.slot(slot, partition));
                        sent++;
                    }
                }
            }
            for (Object reply : (List<?>) node.connection().getMany(sent)) {
                if (reply instanceof JedisDataException error) {
                    throw error;
                }
            }
        } catch (JedisException e) {
            throw new RedisFailureException(master + " (DEL)", FailureClassifier.of(e), e);
        }
    }

    /** Removes what would be out of date when the partitions are applied without checkpoints. */
    public void forget(Set<LogPartition> partitions) {
        for (LogPartition partition : partitions) {
            byte[] key = keys.main(partition);
            try (Node node = connector.open(address(key))) {
                node.call(CheckpointStore.DEL, key);
            }
        }
    }

    private Address address(byte[] key) {
        Address address = layout == null ? connector.server() : layout.master(HashSlot.of(key));
        if (address == null) {
            throw new RedisFailureException(
                    connector.endpoint().firstAddress().toString(),
                    RedisFailure.of(Kind.CLUSTERDOWN, "slot " + HashSlot.of(key) + " has no master"),
                    null);
        }
        return address;
    }
}
