package io.millrace.redis.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A Redis Cluster on the loopback interface, formed by commands to its nodes. The hash slots are spread over the masters
 * in equal runs, in the order of {@link #masters()}. Methods are safe for use by any thread.
 */
public final class LocalCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final Duration FORM_TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 20;
    private static final long FAILOVER_NANOS = Duration.ofSeconds(7).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();

    private final List<LocalServer> masters;
    private final List<LocalServer> replicas;
    private final List<LocalServer> joined = new CopyOnWriteArrayList<>();
    private final Supplier<LocalServer> newNode;

    private LocalCluster(List<LocalServer> masters, List<LocalServer> replicas, Supplier<LocalServer> newNode) {
        this.newNode = newNode;
        this.masters = List.copyOf(masters);
        this.replicas = List.copyOf(replicas);
    }

    /** Options for a cluster whose nodes are all of one version. */
    public static Options of(ServerVersion version) {
        return new Options(version);
    }

    /** Three masters without replicas. */
    public static LocalCluster start(ServerVersion version) {
        return of(version).start();
    }

    /** The nodes that owned slots when the cluster was formed. */
    public List<LocalServer> masters() {
        return masters;
    }

    /** Replica {@code i} replicates master {@code i % masters().size()}. */
    public List<LocalServer> replicas() {
        return replicas;
    }

    /** Every node, masters first. A node is stopped, killed, paused and started again by its own methods. */
    public List<LocalServer> nodes() {
        List<LocalServer> all = new ArrayList<>(masters);
        all.addAll(replicas);
        all.addAll(joined);
        return all;
    }

    /** Starts one more node, a master without slots, and returns when all nodes know it and find the cluster ok. */
    public LocalServer join() {
        LocalServer node = newNode.get();
        joined.add(node);
        node.command("CLUSTER", "MEET", LocalServer.HOST, masters.get(0).port());
        awaitOk();
        return node;
    }

    /** Makes all others forget a node without slots, and ends it. */
    public void leave(LocalServer node) {
        remove(node);
        node.close();
    }

    /** Makes all others forget a node without slots, which goes on, and knows nothing of it. */
    public void remove(LocalServer node) {
        String id = text(node.command("CLUSTER", "MYID"));
        joined.remove(node);
        for (LocalServer other : nodes()) {
            if (other != node && other.isRunning()) {
                other.command("CLUSTER", "FORGET", id);
            }
        }
    }

    /**
     * Makes a replica the master of its shard by a manual failover, and returns when it is. A node gives a manual failover five
     * seconds (cluster.c), which may be too few where many share a core: then it is asked again.
     */
    public static void promote(LocalServer replica) {
        AtomicLong askedAt = new AtomicLong(System.nanoTime() - FAILOVER_NANOS);
        await(replica, "promotion", () -> {
            if (text(replica.command("INFO", "replication")).contains("role:master")) {
                return true;
            }
            if (System.nanoTime() - askedAt.get() >= FAILOVER_NANOS) {
                askedAt.set(System.nanoTime());
                try {
                    replica.command("CLUSTER", "FAILOVER");
                } catch (LocalServerException e) {
                    askedAt.addAndGet(RETRY_NANOS - FAILOVER_NANOS); // the next try comes half a second later
                }
            }
            return false;
        });
    }

    /** The master that owned this slot when the cluster was formed. */
    public LocalServer masterOf(int slot) {
        for (int i = 0; i < masters.size(); i++) {
            if (slot < firstSlot(i + 1, masters.size())) {
                return masters.get(i);
            }
        }
        throw new IllegalArgumentException("No such slot: " + slot);
    }

    /** Waits until every running node says that the cluster is ok and lists all its nodes. */
    public void awaitOk() {
        for (LocalServer node : nodes()) {
            if (node.isRunning()) {
                awaitNode(node);
            }
        }
    }

    @Override
    public void close() {
        nodes().forEach(LocalServer::close);
    }

    private static int firstSlot(int master, int masters) {
        return (int) ((long) SLOTS * master / masters);
    }

    private void form() throws IOException {
        for (int i = 0; i < masters.size(); i++) {
            List<Object> assign = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
            for (int slot = firstSlot(i, masters.size()); slot < firstSlot(i + 1, masters.size()); slot++) {
                assign.add(slot);
            }
            try (RespClient client = masters.get(i).connect()) {
                // Distinct epochs from the start spare the nodes a round of collision resolving.
                client.call("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
                client.call(assign.toArray());
            }
        }
        try (RespClient first = masters.get(0).connect()) {
            for (LocalServer node : nodes().subList(1, nodes().size())) {
                first.call("CLUSTER", "MEET", LocalServer.HOST, node.port());
            }
        }
        awaitOk();
        for (int i = 0; i < replicas.size(); i++) {
            LocalServer replica = replicas.get(i);
            replica.command(
                    "CLUSTER", "REPLICATE", text(masters.get(i % masters.size()).command("CLUSTER", "MYID")));
            await(
                    replica,
                    "link to its master",
                    () -> text(replica.command("INFO", "replication")).contains("master_link_status:up"));
        }
        for (LocalServer node : nodes()) {
            await(
                    node,
                    "list of replicas",
                    () -> count(text(node.command("CLUSTER", "NODES")), "slave ") == replicas.size());
        }
    }

    private void awaitNode(LocalServer node) {
        String known = "cluster_known_nodes:" + nodes().size() + "\r\n";
        await(node, "view of the cluster", () -> {
            String info = text(node.command("CLUSTER", "INFO"));
            return info.contains("cluster_state:ok")
                    && info.contains("cluster_slots_ok:" + SLOTS)
                    && info.contains(known);
        });
    }

    private static void await(LocalServer node, String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + FORM_TIMEOUT.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new LocalServerException("The " + what + " of " + node + " did not settle within "
                        + FORM_TIMEOUT.toSeconds() + " s; CLUSTER NODES says:\n"
                        + text(node.command("CLUSTER", "NODES")));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalServerException("Interrupted while a local cluster was formed", e);
            }
        }
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.ISO_8859_1);
    }

    /** The options of a {@link LocalCluster}: three masters and no replicas unless told otherwise. */
    public static final class Options {
        private final ServerVersion version;
        private final List<String> lines = new ArrayList<>();
        private int masters = 3;
        private int replicasPerMaster;
        private String password;
        private LocalCertificates certificates;

        private Options(ServerVersion version) {
            this.version = Objects.requireNonNull(version);
        }

        public Options masters(int count) {
            this.masters = count;
            return this;
        }

        /** Replicas of each master. */
        public Options replicas(int perMaster) {
            this.replicasPerMaster = perMaster;
            return this;
        }

        /** One password for clients and between the nodes. */
        public Options password(String shared) {
            this.password = Objects.requireNonNull(shared);
            return this;
        }

        /** TLS for clients and between the nodes. */
        public Options tls(LocalCertificates files) {
            this.certificates = files;
            return this;
        }

        /** A line of redis.conf for every node. */
        public Options config(String line) {
            lines.add(line);
            return this;
        }

        /** Starts the nodes, forms the cluster and returns once every node finds it complete. */
        public LocalCluster start() {
            List<LocalServer> nodes = new ArrayList<>();
            try {
                for (int i = 0; i < masters * (1 + replicasPerMaster); i++) {
                    nodes.add(node().start());
                }
                LocalCluster cluster = new LocalCluster(
                        nodes.subList(0, masters), nodes.subList(masters, nodes.size()), () -> node().start());
                cluster.form();
                return cluster;
            } catch (IOException e) {
                nodes.forEach(LocalServer::close);
                throw new LocalServerException("Cannot form a cluster of " + masters + " masters", e);
            } catch (RuntimeException e) {
                nodes.forEach(LocalServer::close);
                throw e;
            }
        }

        private LocalServerBuilder node() {
            LocalServerBuilder node = LocalServer.of(version).cluster().config("cluster-node-timeout 5000");
            if (password != null) {
                node.password(password).masterPassword(password);
            }
            if (certificates != null) {
                node.tls(certificates);
            }
            lines.forEach(node::config);
            return node;
        }
    }
}
