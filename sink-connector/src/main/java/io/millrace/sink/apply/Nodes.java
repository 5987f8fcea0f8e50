package io.millrace.sink.apply;

import io.millrace.client.ClusterLayout;
import io.millrace.client.ClusterView;
import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Disposition;
import io.millrace.failure.RedisFailureException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The masters of the destination and the open connections to them. */
final class Nodes implements AutoCloseable {

    private record Target(Address address, int db) {}

    private final NodeConnector connector;
    private final ApplySettings limits;
    private final ReplyJudge judge;
    private final ClusterView view;
    private final Consumer<Node> opened;
    /** The one server, as it was found last; null for a cluster. */
    private Address server;
    /** Concurrent, so that another thread can end connections that do not answer. */
    private final Map<Target, Pipeline> open = new ConcurrentHashMap<>();

    /** @throws RedisFailureException when the cluster's layout cannot be read, or sentinels name no master */
    Nodes(NodeConnector connector, ApplySettings limits, ReplyJudge judge) {
        this(connector, limits, judge, node -> {});
    }

    /** @param opened is given every connection before it is used; the connection is closed when it throws */
    Nodes(NodeConnector connector, ApplySettings limits, ReplyJudge judge, Consumer<Node> opened) {
        this.opened = opened;
        this.connector = connector;
        this.limits = limits;
        this.judge = judge;
        this.view = connector.endpoint().topology() == Topology.CLUSTER ? new ClusterView(connector) : null;
        this.server = view == null ? connector.server() : null;
    }

    boolean isCluster() {
        return view != null;
    }

    /** The master of a slot, the server when it is standalone; null while nobody serves the slot. */
    Address master(int slot) {
        return view == null ? server : view.layout().master(slot);
    }

    Set<Address> masters() {
        return view == null ? Set.of(server) : view.layout().masters();
    }

    /** Where every slot lives, as far as known; null for a standalone server. */
    ClusterLayout layout() {
        return view == null ? null : view.layout();
    }

    void moved(int slot, Address target) {
        if (view != null) {
            view.moved(slot, target);
        }
    }

    /** Reads the cluster's layout again, or asks the sentinels again. */
    void refresh() {
        if (view != null) {
            view.refresh();
        } else {
            server = connector.server();
        }
    }

    /** @throws RedisFailureException when there is no connection to be had */
    Pipeline pipeline(Address address, int db) {
        Target target = new Target(address, db);
        Pipeline pipeline = open.get(target);
        if (pipeline == null) {
            Node node = connector.open(address);
            try {
                opened.accept(node);
                if (db != 0) {
                    node.call("SELECT", Integer.toString(db));
                }
            } catch (RedisFailureException e) {
                node.close();
                throw e.kind().disposition() == Disposition.RECORD ? noDatabase(address, db, e) : e;
            } catch (RuntimeException e) {
                node.close();
                throw e;
            }
            pipeline = new Pipeline(node, limits, judge);
            open.put(target, pipeline);
        }
        return pipeline;
    }

    static SinkFailure noDatabase(Address address, int db, RedisFailureException e) {
        return new SinkFailure(
                "The destination " + address + " has no database " + db + " ("
                        + e.failure().detail()
                        + "). Raise 'databases' in its configuration, or map the database with database.map.",
                e);
    }

    /** Ends the connections to a node, so that the next use opens new ones. */
    void disconnect(Address address) {
        open.entrySet().removeIf(entry -> {
            boolean hit = entry.getKey().address().equals(address);
            if (hit) {
                entry.getValue().close();
            }
            return hit;
        });
    }

    /** Ends all connections under the thread that uses them, whose reads and writes then fail. Thread-safe. */
    void cut() {
        open.values().forEach(Pipeline::close);
    }

    @Override
    public void close() {
        open.values().forEach(Pipeline::close);
        open.clear();
    }
}
