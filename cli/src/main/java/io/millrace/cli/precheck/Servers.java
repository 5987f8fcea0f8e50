package io.millrace.cli.precheck;

import io.millrace.cli.options.Side;
import io.millrace.client.ClusterLayout;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.RedisFailureException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Both ends, connected. Each end is a list of masters: one server, or those of a cluster. Belongs to one thread; close it
 * to end the connections.
 */
public final class Servers implements AutoCloseable {
    private final End source;
    private final End target;

    private Servers(End source, End target) {
        this.source = source;
        this.target = target;
    }

    static Servers of(End source, End target) {
        return new Servers(source, target);
    }

    public End source() {
        return source;
    }

    public End target() {
        return target;
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }

    /** One end, and what its first answering server says about itself. */
    public static final class End implements AutoCloseable {
        private final Side side;
        private final ServerInfo info;
        private final Node first;
        private final ClusterLayout layout;
        private final Map<Address, Node> masters = new LinkedHashMap<>();

        private End(Side side, ServerInfo info, Node first, ClusterLayout layout) {
            this.side = side;
            this.info = info;
            this.first = first;
            this.layout = layout;
        }

        /**
         * Connects to the first address that answers.
         *
         * @throws RedisFailureException the failure of the last address when none does
         */
        static End connect(Side side) {
            RedisFailureException last = null;
            // For opening one node the topology does not matter; cluster allows any number of addresses.
            NodeConnector connector = new NodeConnector(side.endpoint(Topology.CLUSTER));
            for (Address address : connector.entrances()) {
                try {
                    return connect(side, connector.open(address));
                } catch (RedisFailureException e) {
                    last = e;
                }
            }
            throw last;
        }

        private static End connect(Side side, Node node) {
            try {
                ServerInfo info = ServerInfo.of(node);
                return new End(side, info, node, info.clusterEnabled() ? ClusterLayout.of(node) : null);
            } catch (RuntimeException e) {
                node.close();
                throw e;
            }
        }

        public Side side() {
            return side;
        }

        public ServerInfo info() {
            return info;
        }

        public Topology topology() {
            return side.uri().isSentinel()
                    ? Topology.SENTINEL
                    : info.clusterEnabled() ? Topology.CLUSTER : Topology.STANDALONE;
        }

        /** The connection to the server that answered first. */
        Node first() {
            return first;
        }

        /** The layout of a cluster; null for a standalone server. */
        ClusterLayout layout() {
            return layout;
        }

        /** Connections to all masters. */
        List<Node> masters() {
            if (layout == null) {
                return List.of(first);
            }
            NodeConnector connector = new NodeConnector(side.endpoint(Topology.CLUSTER));
            for (Address master : layout.masters()) {
                if (!masters.containsKey(master)) {
                    masters.put(master, connector.open(master));
                }
            }
            return new ArrayList<>(masters.values());
        }

        @Override
        public void close() {
            first.close();
            masters.values().forEach(Node::close);
        }
    }
}
