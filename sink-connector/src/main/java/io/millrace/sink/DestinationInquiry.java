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
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Asks the destination what it is. */
final class DestinationInquiry {

    private DestinationInquiry() {}

    /** @throws RedisFailureException when a master does not answer */
    static Destination ask(NodeConnector connector) {
        boolean cluster = connector.endpoint().topology() == Topology.CLUSTER;
        Iterable<Address> masters =
                cluster ? new ClusterView(connector).layout().masters() : List.of(connector.server());
        ServerVersion oldest = null;
        Set<String> commands = null;
        boolean modules = true;
        for (Address master : masters) {
            try (Node node = connector.open(master)) {
                ServerInfo info = ServerInfo.of(node);
                ServerVersion version = info.version();
                oldest = oldest == null || version.compareTo(oldest) < 0 ? version : oldest;
                Set<String> known = commands(node);
                modules &= mayHaveModules(info, known);
                commands = common(commands, known);
            }
        }
        if (oldest == null) {
            throw new RedisFailureException(
                    connector.endpoint().firstAddress().toString(),
                    RedisFailure.of(Kind.CLUSTERDOWN, "no master serves a slot"),
                    null);
        }
        return new Destination(cluster, oldest, commands, modules);
    }

    /** Redis before 6.0 does not say in INFO, and services hide it; but the commands of modules have a dot in their names. */
    private static boolean mayHaveModules(ServerInfo info, Set<String> commands) {
        return commands.isEmpty()
                || !info.modules().isEmpty()
                || commands.stream().anyMatch(name -> name.contains("."));
    }

    private static Set<String> common(Set<String> some, Set<String> others) {
        if (some == null) {
            return others;
        }
        Set<String> both = new HashSet<>(some);
        both.retainAll(others);
        return some.isEmpty() || others.isEmpty() ? Set.of() : both;
    }

    /** The names that COMMAND gives, as far as the user may use it; empty where COMMAND is not allowed. */
    private static Set<String> commands(Node node) {
        try {
            Set<String> names = new HashSet<>();
            for (Object command : (List<?>) node.call("COMMAND")) {
                byte[] name = (byte[]) ((List<?>) command).get(0);
                names.add(new String(name, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT));
            }
            return names;
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.PERMISSION) {
                return Set.of();
            }
            throw e;
        }
    }
}
