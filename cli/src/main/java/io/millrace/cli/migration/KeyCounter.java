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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks one end for what progress needs, over connections of its own. An end that does not answer gives no reading this time
 * and is asked over new connections the next: whether the migration can go on is for the connectors to say. Belongs to one
 * thread.
 */
final class KeyCounter implements AutoCloseable {
    private final NodeConnector connector;
    private final List<Node> nodes = new ArrayList<>();
    private boolean cluster;

    /**
     * @param replicationOffset of the first master; -1 where it does not say
     * @param masters those of a cluster; empty for a standalone server
     */
    record Reading(long keys, long replicationOffset, List<Master> masters) {
        Reading(long keys, long replicationOffset) {
            this(keys, replicationOffset, List.of());
        }
    }

    /**
     * A master of a cluster, by its replication histories (INFO: master_replid and, since a failover, master_replid2).
     *
     * @param offset of its replication stream, in bytes
     */
    record Master(String history, String earlierHistory, long offset) {
        boolean has(String replicationId) {
            return history.equals(replicationId) || earlierHistory.equals(replicationId);
        }
    }

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
            List<Master> masters = new ArrayList<>();
            if (cluster && (nodes.isEmpty() || !follow())) {
                close();
                return Optional.empty();
            }
            for (Node node : nodes) {
                ServerInfo info = ServerInfo.of(node);
                keys += Keyspace.keys(info);
                offset = offset < 0 ? info.number("master_repl_offset", -1) : offset;
                if (cluster) {
                    Map<String, String> fields = info.fields();
                    masters.add(new Master(
                            fields.getOrDefault("master_replid", ""),
                            fields.getOrDefault("master_replid2", ""),
                            info.number("master_repl_offset", -1)));
                }
            }
            return Optional.of(new Reading(keys, offset, masters));
        } catch (RedisFailureException e) {
            close();
            return Optional.empty();
        }
    }

    /** Whether the masters are those to which there are connections. */
    private boolean follow() {
        Set<Address> connected = nodes.stream().map(Node::address).collect(Collectors.toSet());
        return ClusterLayout.of(nodes.get(0)).masters().equals(connected);
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
        cluster = ServerInfo.of(first).clusterEnabled();
        if (cluster) {
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
