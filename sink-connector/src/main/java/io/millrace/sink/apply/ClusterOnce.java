package io.millrace.sink.apply;

import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.endpoint.Address;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.checkpoint.Checkpoint;
import io.millrace.sink.checkpoint.CheckpointKeys;
import io.millrace.sink.checkpoint.LogPartition;
import io.millrace.sink.checkpoint.SlotCheckpoints;
import io.millrace.slot.HashSlot;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Effectively-once for a cluster, where no transaction spans slots. Every slot has a checkpoint of its own for each partition,
 * written in the transactions of its data. The main checkpoint of a partition says who owns it and from where the log must be
 * read so that no slot misses anything; it moves only over what all replicas have, so that a failover does not take the
 * ground from under it.
 *
 * <p>A session opens its connections, gives them its name, claims the partitions, waits until replicas know of the claim, and
 * ends the connections of earlier owners on every node. Only then does it read what the slots have: nobody else can add to it.
 */
public final class ClusterOnce implements DeliveryStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterOnce.class);

    private static final long WAIT_MILLIS = 500;
    private static final int CLAIM_TRIES = 10;

    private final SessionParts parts;
    private final Set<LogPartition> partitions;
    private final CheckpointKeys keys;
    private final byte[][] markers = new byte[HashSlot.COUNT][];
    private final Claims claims = new Claims();

    /** Masters that a session before has heard of and had no connection to. */
    private final Set<Address> strangers = new HashSet<>();

    private ClusterView view;

    public ClusterOnce(SessionParts parts, Set<LogPartition> partitions) {
        this.parts = parts;
        this.partitions = Set.copyOf(partitions);
        this.keys = new CheckpointKeys(parts.connector());
        for (int slot = 0; slot < markers.length; slot++) {
            markers[slot] = keys.marker(slot);
        }
    }

    @Override
    public boolean decidesWhereToRead() {
        return true;
    }

    @Override
    public Session open() throws ApplyAbortedException {
        look();
        String session = UUID.randomUUID().toString();
        ClusterNodes nodes = new ClusterNodes(view);
        MainCheckpoints main = new MainCheckpoints(parts.nodes(), view, keys, claims);
        try {
            ReplyJudge judge = new ReplyJudge(parts.refused(), ReplyJudge.NOTHING_BEFORE);
            nodes.connect(parts.nodes(), strangers, session, parts.settings(), judge);
            Set<String> earlier = new LinkedHashSet<>();
            for (LogPartition partition : partitions) {
                earlier.addAll(main.claim(partition, session, parts.refused()));
            }
            nodes.remember();
            awaitReplicas(nodes);
            sweep(nodes, main, earlier);
            SlotCheckpoints slots = new SlotCheckpoints();
            SlotReading reading = new SlotReading(nodes, keys, strangers);
            for (LogPartition partition : partitions) {
                Checkpoint found = main.written(partition);
                reading.read(partition, found.resume() == null, slots);
            }
            nodes.verify();
            return new ClusterSession(parts, nodes, main, keys, judge, session, markers, slots, strangers);
        } catch (SessionEndedException e) {
            close(nodes, main);
            throw new RedisFailureException("the cluster", e.failure(), e);
        } catch (RuntimeException | ApplyAbortedException e) {
            close(nodes, main);
            throw e;
        }
    }

    private static void close(ClusterNodes nodes, MainCheckpoints main) {
        nodes.close();
        main.close();
    }

    private void look() {
        if (view == null) {
            view = new ClusterView(parts.nodes());
        } else {
            view.refresh();
        }
        int unserved = view.layout().unservedSlots();
        if (unserved > 0) {
            throw new RedisFailureException(
                    "the cluster", RedisFailure.of(Kind.CLUSTERDOWN, unserved + " slots have no master"), null);
        }
    }

    /** A claim that a failover could undo would let an earlier owner believe that it still is one. */
    private void awaitReplicas(ClusterNodes nodes) throws ApplyAbortedException, SessionEndedException {
        for (int i = 0; !nodes.replicated(markers, WAIT_MILLIS, false); i++) {
            if (i == CLAIM_TRIES) {
                throw new RedisFailureException(
                        "the cluster",
                        RedisFailure.of(Kind.NOREPLICAS, "replicas do not acknowledge what their masters send"),
                        null);
            }
            parts.abort().pause(WAIT_MILLIS / 5);
            nodes.verify();
        }
    }

    private void sweep(ClusterNodes nodes, MainCheckpoints main, Set<String> earlier) {
        if (earlier.isEmpty()) {
            return;
        }
        int ended = 0;
        int swept = 0;
        Set<Address> replicas = new LinkedHashSet<>();
        for (Pipeline pipeline : nodes.pipelines()) {
            ended += ConnectionFence.sweep(pipeline.node(), earlier);
            replicas.addAll(view.layout().replicas(pipeline.address()));
            swept++;
        }
        for (Address replica : replicas) {
            try (Node node = parts.nodes().open(replica)) {
                ended += ConnectionFence.sweep(node, earlier);
                swept++;
            } catch (RedisFailureException e) {
                if (!e.failure().isRetryable()) {
                    throw e;
                }
                LOG.debug("The replica {} was not looked at for connections of earlier owners.", replica, e);
            }
        }
        if (ended > 0) {
            LOG.info("Ended {} connections of earlier owners of {}.", ended, partitions);
        }
        if (swept >= view.layout().knownNodes()) {
            main.swept();
        }
    }
}
