package io.millrace.sink.apply;

import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.CheckpointStore;
import io.millrace.sink.checkpoint.Incarnation;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The main checkpoints of a session on a cluster, each on the master of its key's slot. It has connections of its own, which
 * need no name: what they write depends on the owner that they have watched.
 *
 * <p>Belongs to the thread that applies.
 */
final class MainCheckpoints implements AutoCloseable {

    private final NodeConnector connector;
    private final ClusterView view;
    private final CheckpointKeys keys;
    private final Claims claims;
    private final Map<Address, Node> open = new HashMap<>();

    /** As they stand in the destination. */
    private final Map<LogPartition, Checkpoint> written = new LinkedHashMap<>();

    MainCheckpoints(NodeConnector connector, ClusterView view, CheckpointKeys keys, Claims claims) {
        this.connector = connector;
        this.view = view;
        this.keys = keys;
        this.claims = claims;
    }

    /** A copy of what stands in the destination. */
    Map<LogPartition, Checkpoint> written() {
        return new LinkedHashMap<>(written);
    }

    Checkpoint written(LogPartition partition) {
        return written.get(partition);
    }

    /**
     * Makes a session the owner of a partition, whoever owned it.
     *
     * @return the ids of earlier owners, whose connections are to be ended
     * @throws TakenOverException when somebody has claimed it after this sink
     */
    List<String> claim(LogPartition partition, String session, RefusedCommands refused) {
        while (true) {
            Node node = node(partition);
            Checkpoint found = watch(node, partition);
            Incarnation before = claims.of(partition);
            Incarnation next = new Incarnation(claims.next(partition, found).epoch(), session);
            List<String> earlier = new ArrayList<>(found.fenced());
            add(earlier, found.owner());
            add(earlier, before);
            if (found.refused() != null) {
                refused.refusedBefore(found.refused());
            }
            Checkpoint mine = found.withOwner(next).withFenced(earlier).withRefused(null);
            // Noted first: when the connection is lost now, nobody knows whether the claim was written.
            claims.claimed(partition, next);
            if (replace(node, partition, mine)) {
                if (found.owner() != null) {
                    claims.written(partition);
                }
                return earlier;
            }
            claims.claimed(partition, before);
        }
    }

    private static void add(List<String> ids, Incarnation owner) {
        if (owner != null && !ids.contains(owner.id())) {
            ids.add(owner.id());
        }
    }

    /** All nodes were swept: the earlier owners need not be remembered. The next {@link #write} says so. */
    void swept() {
        written.replaceAll((partition, checkpoint) -> checkpoint.withFenced(List.of()));
    }

    /**
     * Writes a checkpoint if this session still owns it.
     *
     * @throws TakenOverException when another sink has claimed the partition
     * @throws SessionEndedException when it is not what this session has written
     * @throws RedisFailureException when it cannot be written now
     */
    void write(LogPartition partition, Checkpoint next) throws SessionEndedException {
        Checkpoint before = written.get(partition);
        Node node = node(partition);
        Checkpoint found = watch(node, partition);
        if (!claims.check(partition, found.owner())
                || !found.withFenced(List.of()).equals(before.withFenced(List.of()))) {
            close();
            throw new SessionEndedException(RedisFailure.of(
                    Kind.READONLY, "the checkpoint of " + partition + " is not what this session has written"));
        }
        if (found.equals(next)) {
            unwatch(node);
        } else if (!replace(node, partition, next)) {
            close();
            throw new SessionEndedException(
                    RedisFailure.of(Kind.READONLY, "the checkpoint of " + partition + " was changed by somebody else"));
        }
        claims.written(partition);
    }

    /** What writes the checkpoints of these masters again when a command has emptied them. */
    List<Note> notes(Address master) {
        List<Note> notes = new ArrayList<>();
        written.forEach((partition, checkpoint) -> {
            byte[] key = keys.main(partition);
            if (master.equals(view.layout().master(HashSlot.of(key)))) {
                notes.add(Note.of(CheckpointStore.hset(key, checkpoint)));
            }
        });
        return notes;
    }

    private Checkpoint watch(Node node, LogPartition partition) {
        try {
            return CheckpointStore.watch(node, keys.main(partition));
        } catch (IllegalArgumentException e) {
            throw new SinkFailure(e.getMessage(), e);
        } catch (RedisFailureException e) {
            throw failed(node, e);
        }
    }

    private void unwatch(Node node) {
        try {
            CheckpointStore.unwatch(node);
        } catch (RedisFailureException e) {
            throw failed(node, e);
        }
    }

    private boolean replace(Node node, LogPartition partition, Checkpoint next) {
        try {
            boolean replaced = CheckpointStore.replace(node, keys.main(partition), next);
            if (replaced) {
                written.put(partition, next);
            }
            return replaced;
        } catch (RedisFailureException e) {
            throw failed(node, e);
        }
    }

    /** A connection that had an error may be inside of MULTI or WATCH: it is not used again. */
    private RedisFailureException failed(Node node, RedisFailureException e) {
        open.remove(node.address());
        node.connection().setBroken();
        node.close();
        return e;
    }

    private Node node(LogPartition partition) {
        int slot = HashSlot.of(keys.main(partition));
        Address master = view.layout().master(slot);
        if (master == null) {
            throw new RedisFailureException(
                    "slot " + slot,
                    RedisFailure.of(Kind.CLUSTERDOWN, "no master serves the slot of the checkpoint of " + partition),
                    null);
        }
        return open.computeIfAbsent(master, connector::open);
    }

    Collection<LogPartition> partitions() {
        return written.keySet();
    }

    @Override
    public void close() {
        for (Node node : open.values()) {
            node.connection().setBroken();
            node.close();
        }
        open.clear();
    }
}
