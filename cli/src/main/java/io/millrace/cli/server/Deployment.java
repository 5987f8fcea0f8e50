package io.millrace.cli.server;

import io.millrace.cli.options.Side;
import io.millrace.cli.precheck.Prechecks;
import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One end: its one server, or the masters of its cluster, with a connection to each that was asked for. One thread. */
public final class Deployment implements AutoCloseable {
    private final Side side;
    private final NodeConnector connector;
    private final ClusterLayout layout;
    /** The one server, as it was when this began; null for a cluster. */
    private final Address server;

    private final Map<Address, Node> open = new HashMap<>();
    private final Map<Node, Integer> selected = new HashMap<>();

    private Deployment(Side side, NodeConnector connector, ClusterLayout layout) {
        this.side = side;
        this.connector = connector;
        this.layout = layout;
        this.server = layout == null ? connector.server() : null;
    }

    /**
     * @throws io.millrace.cli.Failure when it does not answer
     * @throws RedisFailureException when a cluster does not say where its slots are
     */
    public static Deployment connect(Side side) {
        Topology topology = Prechecks.requireTopology(side);
        NodeConnector connector = new NodeConnector(side.endpoint(topology));
        if (topology != Topology.CLUSTER) {
            return new Deployment(side, connector, null);
        }
        RedisFailureException last = null;
        for (Address seed : connector.endpoint().addresses()) {
            try (Node node = connector.open(seed)) {
                return new Deployment(side, connector, ClusterLayout.of(node));
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        throw last;
    }

    public Side side() {
        return side;
    }

    public boolean isCluster() {
        return layout != null;
    }

    /** The server that holds the key, with the database selected. */
    public Node of(byte[] key, int db) {
        if (layout == null) {
            return selected(server, db);
        }
        int slot = HashSlot.of(key);
        Address master = layout.master(slot);
        if (master == null) {
            throw new RedisFailureException(
                    side.toString(), RedisFailure.of(Kind.CLUSTERDOWN, "slot " + slot + " has no master"), null);
        }
        return selected(master, db);
    }

    /** Every master, with the database selected. */
    public List<Node> masters(int db) {
        Set<Address> addresses = layout == null ? Set.of(server) : layout.masters();
        List<Node> nodes = new ArrayList<>();
        addresses.forEach(address -> nodes.add(selected(address, db)));
        return nodes;
    }

    private Node selected(Address address, int db) {
        Node node = open.computeIfAbsent(address, connector::open);
        if (selected.getOrDefault(node, 0) != db) {
            node.call("SELECT", Integer.toString(db));
            selected.put(node, db);
        }
        return node;
    }

    @Override
    public void close() {
        open.values().forEach(Node::close);
    }
}
