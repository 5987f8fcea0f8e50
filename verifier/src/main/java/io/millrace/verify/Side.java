package io.millrace.verify;

import io.millrace.client.ClusterLayout;
import io.millrace.client.ClusterView;
import io.millrace.client.NodeConnector;
import io.millrace.client.ServerInfo;
import io.millrace.client.ServerVersion;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.slot.HashSlot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of the two keyspaces: a standalone server, or a cluster that is read node by node. One thread. */
final class Side implements AutoCloseable {
    private final NodeConnector connector;
    private final ClusterView view;
    /** The one server, as it was when this began; null for a cluster. */
    private final Address server;

    private final Map<Address, Lane> lanes = new HashMap<>();
    private final ServerVersion oldest;
    private final boolean memoryUsage;

    Side(RedisEndpoint endpoint) {
        this.connector = new NodeConnector(endpoint);
        this.view = endpoint.topology() == Topology.CLUSTER ? new ClusterView(connector) : null;
        this.server = view == null ? connector.server() : null;
        try {
            this.oldest = masters().stream()
                    .map(master -> ServerInfo.of(lane(master).node()).version())
                    .min(ServerVersion::compareTo)
                    .orElseThrow(() -> new IllegalStateException(
                            "No node of " + endpoint + " serves a slot: check CLUSTER SLOTS."));
            this.memoryUsage = mayAskMemoryUsage();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The oldest version among the nodes. */
    ServerVersion version() {
        return oldest;
    }

    boolean isCluster() {
        return view != null;
    }

    /** Whether MEMORY USAGE is allowed, which some services forbid. */
    boolean hasMemoryUsage() {
        return memoryUsage;
    }

    /** Whether expiry can be read as an absolute time. */
    boolean hasExpireTime() {
        return oldest.isAtLeast(7, 0);
    }

    boolean hasFieldExpiry() {
        return oldest.valkey() ? oldest.isAtLeast(9, 0) : oldest.isAtLeast(7, 4);
    }

    boolean hasFunctions() {
        return oldest.isAtLeast(7, 0);
    }

    /** The nodes that hold keys, as of now. */
    Collection<Address> masters() {
        return view == null ? List.of(server) : List.copyOf(view.refresh().masters());
    }

    /** Which node serves each slot, as of now; empty for a standalone server. */
    List<Address> slotOwners() {
        List<Address> owners = new ArrayList<>();
        if (view != null) {
            ClusterLayout layout = view.refresh();
            for (int slot = 0; slot < HashSlot.COUNT; slot++) {
                owners.add(layout.master(slot));
            }
        }
        return owners;
    }

    /** Databases with keys, and how many the servers count, expired ones that are not yet removed included. */
    SortedMap<Integer, Long> databases() {
        SortedMap<Integer, Long> sizes = new TreeMap<>();
        for (Address master : masters()) {
            ServerInfo.of(lane(master).node()).fields().forEach((field, value) -> {
                if (field.startsWith("db") && value.startsWith("keys=")) {
                    long keys = Long.parseLong(value.substring("keys=".length(), value.indexOf(',')));
                    sizes.merge(Integer.parseInt(field.substring(2)), keys, Long::sum);
                }
            });
        }
        return sizes;
    }

    /** Whether this side has such a database at all. */
    boolean hasDatabase(int database) {
        if (view != null) {
            return database == 0;
        }
        try {
            lane(server).select(database);
            return true;
        } catch (RedisFailureException e) {
            if (e.kind() == Kind.OTHER) {
                return false; // ERR DB index is out of range
            }
            throw e;
        }
    }

    Pipeline pipeline(int database) {
        return new Pipeline(this, database);
    }

    /** The node that answers for a key. */
    Lane laneOf(byte[] key) {
        if (view == null) {
            return lane(server);
        }
        return laneOfSlot(HashSlot.of(key));
    }

    Lane laneOfSlot(int slot) {
        ClusterLayout layout = view.layout();
        Address master = layout.master(slot);
        if (master == null) {
            master = view.refresh().master(slot);
        }
        if (master == null) {
            throw new IllegalStateException("No master serves slot " + slot + " of " + connector.endpoint()
                    + ": bring the cluster up and compare again.");
        }
        return lane(master);
    }

    Lane lane(Address address) {
        return lanes.computeIfAbsent(address, at -> new Lane(connector.open(at)));
    }

    void refresh() {
        view.refresh();
    }

    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (Lane lane : lanes.values()) {
            try {
                lane.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        lanes.clear();
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    @Override
    public String toString() {
        return connector.endpoint().toString();
    }

    private boolean mayAskMemoryUsage() {
        for (Address master : masters()) {
            try {
                lane(master).node().call("MEMORY", "USAGE", "__millrace:no-such-key");
            } catch (RedisFailureException e) {
                if (e.kind() == Kind.PERMISSION || e.kind() == Kind.UNKNOWN_COMMAND) {
                    return false;
                }
                if (e.kind() != Kind.MOVED) {
                    throw e;
                }
            }
        }
        return true;
    }
}
