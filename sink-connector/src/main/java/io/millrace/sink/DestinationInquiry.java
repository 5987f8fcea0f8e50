package io.millrace.sink;

import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.client.ServerVersion;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailure;
import io.millrace.failure.RedisFailureException;
import io.millrace.sink.plan.Destination;
import java.util.List;

/** Asks the destination what it is. */
final class DestinationInquiry {

    private DestinationInquiry() {}

    /** @throws RedisFailureException when a master does not answer */
    static Destination ask(NodeConnector connector) {
        boolean cluster = connector.endpoint().topology() == Topology.CLUSTER;
        Iterable<Address> masters =
                cluster ? new ClusterView(connector).layout().masters() : List.of(connector.server());
        ServerVersion oldest = null;
        for (Address master : masters) {
            try (Node node = connector.open(master)) {
                ServerVersion version = ServerInfo.of(node).version();
                oldest = oldest == null || version.compareTo(oldest) < 0 ? version : oldest;
            }
        }
        if (oldest == null) {
            throw new RedisFailureException(
                    connector.endpoint().firstAddress().toString(),
                    RedisFailure.of(Kind.CLUSTERDOWN, "no master serves a slot"),
                    null);
        }
        return new Destination(cluster, oldest);
    }
}
