package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.failure.Disposition;
import io.millrace.failure.FailureClassifier;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.CommandName;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The connections of one session to the masters of a cluster, and what is known of these masters. All connections are opened
 * and named before the session claims its partitions, and none after: see {@link ConnectionFence}.
 *
 * <p>Belongs to the thread that applies, but for {@link #cut}.
 */
final class ClusterNodes implements AutoCloseable {

    private static final CommandName INFO = CommandName.of("INFO");
    private static final CommandName SET = CommandName.of("SET");
    private static final CommandName WAIT = CommandName.of("WAIT");
    private static final byte[] REPLICATION = ascii("replication");
    private static final byte[] MARKER_LIFE = ascii("60000");

    private final ClusterView view;
    private final Map<Address, Pipeline> masters = new ConcurrentHashMap<>();
    private final Map<Address, Replication> found = new LinkedHashMap<>();

    ClusterNodes(ClusterView view) {
        this.view = view;
    }

    ClusterLayout layout() {
        return view.layout();
    }

    /**
     * Opens the connections.
     *
     * @param others addresses that may be masters without slots; those that do not answer are left out
     * @throws RedisFailureException when a master does not answer
     */
    void connect(
            NodeConnector connector,
            Collection<Address> others,
            String session,
            ApplySettings limits,
            ReplyJudge judge) {
        for (Address address : layout().masters()) {
            open(connector, address, session, limits, judge);
        }
        for (Address address : others) {
            if (!masters.containsKey(address)) {
                try {
                    open(connector, address, session, limits, judge);
                } catch (RedisFailureException e) {
                    if (!e.failure().isRetryable()) {
                        throw e;
                    }
                }
            }
        }
    }

    private void open(
            NodeConnector connector, Address address, String session, ApplySettings limits, ReplyJudge judge) {
        Node node = connector.open(address);
        masters.put(address, new Pipeline(node, limits, judge));
        ConnectionFence.name(node, session);
    }

    /** Notes the history that each master is in; from now on {@link #verify} compares. */
    void remember() {
        for (Pipeline pipeline : masters.values()) {
            Replication now = Replication.parse((byte[]) pipeline.node().call("INFO", "replication"));
            if (!now.master() && layout().masters().contains(pipeline.address())) {
                throw new RedisFailureException(
                        pipeline.address().toString(),
                        RedisFailure.of(Kind.READONLY, "it was a master a moment ago"),
                        null);
            }
            found.put(pipeline.address(), now);
        }
    }

    Collection<Pipeline> pipelines() {
        return masters.values();
    }

    /** The connection to a master, null when the session has none. */
    Pipeline pipeline(Address address) {
        return masters.get(address);
    }

    /** @throws SessionEndedException when a master is none any more, or is in another history: writes may be lost */
    void verify() throws SessionEndedException {
        try {
            for (Pipeline pipeline : masters.values()) {
                pipeline.write(INFO, REPLICATION);
            }
            for (Pipeline pipeline : masters.values()) {
                verify(pipeline);
            }
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        }
    }

    private void verify(Pipeline pipeline) throws SessionEndedException {
        Object reply = pipeline.reply();
        if (reply instanceof JedisDataException refusal) {
            throw new SessionEndedException(FailureClassifier.of(refusal));
        }
        Replication before = found.get(pipeline.address());
        Replication now = Replication.parse((byte[]) reply);
        if (now.master() != before.master() || !now.id().equals(before.id())) {
            throw new SessionEndedException(
                    RedisFailure.of(Kind.READONLY, "the master " + pipeline.address() + " was replaced in a failover"));
        }
        found.put(pipeline.address(), now);
    }

    /** Reads the cluster's layout again; when nobody answers, the last one stays. */
    void refresh() {
        try {
            view.refresh();
        } catch (RedisFailureException e) {
            if (e.failure().kind().disposition() == Disposition.FATAL) {
                throw e;
            }
        }
    }

    /** Whether a slot is on its way from one master to another, key by key. */
    boolean haveOpenSlots() throws SessionEndedException {
        try {
            for (Address master : layout().masters()) {
                Pipeline pipeline = masters.get(master);
                if (pipeline == null) {
                    throw unknown(master);
                }
                if (SettledPasses.hasOpenSlots((byte[]) pipeline.node().call("CLUSTER", "NODES"))) {
                    return true;
                }
            }
            return false;
        } catch (RedisFailureException e) {
            throw new SessionEndedException(e.failure());
        }
    }

    /**
     * Whether masters may have other replicas than the layout says, by what {@link #verify} has found: one that came back since
     * the last look at the layout, and has lost its master again, can be elected all the same.
     */
    boolean mayHaveOtherReplicas() {
        int listed = 0;
        for (Address master : layout().masters()) {
            int replicas = layout().replicas(master).size();
            Replication now = found.get(master);
            if (now != null && now.online() != replicas) {
                return true;
            }
            listed += 1 + replicas;
        }
        return listed < layout().knownNodes();
    }

    void moved(int slot, Address target) {
        view.moved(slot, target);
    }

    /**
     * Whether everything that the masters have now is with all their replicas. A write of its own on each master comes before
     * the question, so that it covers what others, and sessions before, have written there.
     *
     * @param millis how long each may take
     * @param all whether replicas count that the cluster finds alive but that are not in step with their master
     */
    boolean replicated(byte[][] markers, long millis, boolean all) throws SessionEndedException {
        Map<Pipeline, Integer> asked = new HashMap<>();
        try {
            for (Address master : layout().masters()) {
                Pipeline pipeline = masters.get(master);
                if (pipeline == null) {
                    throw unknown(master);
                }
                int online = found.get(master).online();
                int replicas = all ? Math.max(online, layout().replicas(master).size()) : online;
                if (replicas > 0) {
                    byte[] marker = markers[layout().slotsOf(master)[0]];
                    pipeline.write(SET, marker, ascii("1"), ascii("PX"), MARKER_LIFE);
                    pipeline.write(WAIT, ascii(Integer.toString(replicas)), ascii(Long.toString(millis)));
                    asked.put(pipeline, replicas);
                }
            }
            boolean replicated = true;
            for (Map.Entry<Pipeline, Integer> each : asked.entrySet()) {
                Object written = each.getKey().reply();
                Object acknowledged = each.getKey().reply();
                if (acknowledged instanceof JedisDataException refusal) {
                    throw notMaster(each.getKey(), refusal);
                }
                if (written instanceof JedisDataException refusal) {
                    checkPermission(each.getKey(), FailureClassifier.of(refusal));
                    replicated = false;
                }
                replicated &= (Long) acknowledged >= each.getValue();
            }
            return replicated;
        } catch (JedisException e) {
            throw new SessionEndedException(FailureClassifier.of(e));
        }
    }

    /** WAIT is refused by replicas, and by a master that becomes one while it waits (UNBLOCKED; blocked.c). */
    private static SessionEndedException notMaster(Pipeline pipeline, JedisDataException refusal) {
        checkPermission(pipeline, FailureClassifier.of(refusal));
        return new SessionEndedException(
                RedisFailure.of(Kind.READONLY, pipeline.address() + " to WAIT: " + refusal.getMessage()));
    }

    private static void checkPermission(Pipeline pipeline, RedisFailure failure) {
        if (failure.kind().disposition() == Disposition.FATAL) {
            throw new SinkFailure(
                    pipeline.address() + " refuses SET or WAIT, by which the sink learns how far replicas are ("
                            + failure.detail()
                            + "). Allow them with ACL SETUSER <user> +set +wait, or set delivery.semantics=at-least-once.");
        }
    }

    /** Ends a session because of a node that it has no connection to. */
    static SessionEndedException unknown(Address address) {
        return new SessionEndedException(
                RedisFailure.of(Kind.MOVED, address + " has become a master since the last look"));
    }

    /** Ends all connections under the thread that uses them. Thread-safe. */
    void cut() {
        masters.values().forEach(Pipeline::close);
    }

    @Override
    public void close() {
        masters.values().forEach(Pipeline::close);
        masters.clear();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
