package io.millrace.cli.migration;

import io.millrace.cli.options.Side;
import io.millrace.cli.precheck.Keyspace;
import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.RedisFailureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks one end for what progress needs, over connections of its own. An end that does not answer gives no reading this time
 * and is asked over new connections the next: whether the migration can go on is for the connectors to say. Belongs to one
 * thread.
 */
final class KeyCounter implements AutoCloseable {
    private final NodeConnector connector;
    private final List<Node> nodes = new ArrayList<>();

    /** @param replicationOffset of the first master; -1 where it does not say */
    record Reading(long keys, long replicationOffset) {}

    KeyCounter(Side side) {
        this.connector = new NodeConnector(side.endpoint(Topology.CLUSTER));
    }

    Optional<Reading> read() {
        try {
            if (nodes.isEmpty()) {
                connect();
            }
            long keys = 0;
            long offset = -1;
            for (Node node : nodes) {
                ServerInfo info = ServerInfo.of(node);
                keys += Keyspace.keys(info);
                offset = offset < 0 ? info.number("master_repl_offset", -1) : offset;
            }
            return Optional.of(new Reading(keys, offset));
        } catch (RedisFailureException e) {
            close();
            return Optional.empty();
        }
    }

    private void connect() {
        RedisFailureException last = null;
        for (Address address : connector.entrances()) {
            try {
                connect(address);
                return;
            } catch (RedisFailureException e) {
                last = e;
            }
        }
        throw last;
    }

    private void connect(Address address) {
        Node first = connector.open(address);
        nodes.add(first);
        if (ServerInfo.of(first).clusterEnabled()) {
            ClusterLayout layout = ClusterLayout.of(first);
            close();
            for (Address master : layout.masters()) {
                nodes.add(connector.open(master));
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
        nodes.clear();
    }
}
