package io.millrace.it.storm;

import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerException;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Three masters, each with a replica and append-only files. Each node announces the port of a proxy, so that clients (and
 * replicas) come through it.
 */
final class ClusterDestination implements StormDestination {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int BUS = 10_000;

    private final LocalCluster cluster;
    private final Map<LocalServer, TcpProxy> proxies = new HashMap<>();
    /** By shard, as last seen. */
    private final LocalServer[] masters;

    private ClusterDestination(LocalCluster cluster) {
        this.cluster = cluster;
        this.masters = cluster.masters().toArray(LocalServer[]::new);
    }

    static ClusterDestination start(ServerVersion version) {
        LocalCluster.Options options = LocalCluster.of(version)
                .replicas(1)
                .config("cluster-node-timeout 1500")
                .config("appendonly yes")
                .config("appendfsync everysec")
                .config("shutdown-timeout 1");
        for (String line : ReplicatedServer.REPLICATION_USER) {
            options.config(line);
        }
        ClusterDestination destination = new ClusterDestination(options.start());
        try {
            destination.announceProxies();
            destination.awaitWhole();
            return destination;
        } catch (RuntimeException e) {
            destination.close();
            throw e;
        }
    }

    private void announceProxies() {
        for (LocalServer node : cluster.nodes()) {
            TcpProxy proxy = TcpProxy.to(node.port());
            proxies.put(node, proxy);
            node.command("CONFIG", "SET", "cluster-announce-bus-port", node.port() + BUS);
            node.command("CONFIG", "SET", "cluster-announce-port", proxy.port());
            node.command("CONFIG", "REWRITE");
        }
        String slots = proxies.values().stream().map(p -> ":" + p.port() + "@").collect(Collectors.joining(" "));
        for (LocalServer node : cluster.nodes()) {
            await(node + " knowing the ports " + slots).atMost(PATIENCE).until(() -> {
                String nodes = text(node.command("CLUSTER", "NODES"));
                return proxies.values().stream().allMatch(p -> nodes.contains(":" + p.port() + "@"));
            });
        }
    }

    @Override
    public Map<String, String> sinkConfig() {
        return Map.of(
                "redis.hosts",
                proxies.values().stream()
                        .map(p -> LocalServer.HOST + ":" + p.port())
                        .collect(Collectors.joining(",")),
                "redis.topology",
                "cluster",
                "cross.slot",
                "split");
    }

    @Override
    public RedisEndpoint endpoint() {
        return RedisEndpoint.cluster(proxies.values().stream()
                .map(p -> new Address(LocalServer.HOST, p.port()))
                .toList());
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    @Override
    public int shards() {
        return masters.length;
    }

    @Override
    public int shardOf(String key) {
        int slot = HashSlot.of(key.getBytes(StandardCharsets.UTF_8));
        return cluster.masters().indexOf(cluster.masterOf(slot));
    }

    @Override
    public LocalServer master(int shard) {
        synchronized (masters) {
            if (!isMaster(masters[shard])) {
                LocalServer other = peer(masters[shard]);
                masters[shard] = isMaster(other) ? other : masters[shard];
            }
            return masters[shard];
        }
    }

    @Override
    public List<TcpProxy> proxies(int shard) {
        return List.of(proxies.get(master(shard)));
    }

    @Override
    public void kill(int shard, int millis) {
        awaitWhole();
        LocalServer gone = master(shard);
        gone.kill9();
        awaitTaken(peer(gone));
        Pause.millis(millis);
        gone.start();
    }

    /** Quick enough to keep its place, mostly; if not, its replica has it. */
    @Override
    public void restart(int shard) {
        awaitWhole();
        LocalServer master = master(shard);
        master.kill9();
        master.start();
    }

    @Override
    public void failOverLosingWrites(int shard, int millis) {
        awaitWhole();
        LocalServer gone = master(shard);
        try (RespClient client = gone.connect()) {
            client.call("ACL", "SETUSER", "replication", "off");
            client.call("CLIENT", "KILL", "USER", "replication");
        } catch (IOException e) {
            throw new IllegalStateException("The replica of " + gone + " cannot be left behind", e);
        }
        Pause.millis(millis);
        gone.kill9();
        awaitTaken(peer(gone));
        gone.start();
    }

    private static void awaitTaken(LocalServer replica) {
        await(replica + " taking its master's place").atMost(PATIENCE).until(() -> isMaster(replica));
    }

    @Override
    public void awaitWhole() {
        await("the cluster being whole").atMost(PATIENCE).until(this::isWhole);
    }

    private boolean isWhole() {
        List<LocalServer> found = new ArrayList<>();
        for (LocalServer node : cluster.nodes()) {
            if (!node.isRunning() || !text(node.command("CLUSTER", "INFO")).contains("cluster_state:ok")) {
                return false;
            }
            String replication = ReplicatedServer.info(node, "replication");
            if (replication.contains("role:master")) {
                found.add(node);
            } else if (!replication.contains("master_link_status:up")) {
                return false;
            }
        }
        return found.size() == masters.length;
    }

    private LocalServer peer(LocalServer node) {
        int master = cluster.masters().indexOf(node);
        return master >= 0
                ? cluster.replicas().get(master)
                : cluster.masters().get(cluster.replicas().indexOf(node));
    }

    private static boolean isMaster(LocalServer node) {
        try {
            return node.isRunning()
                    && ReplicatedServer.info(node, "replication").contains("role:master");
        } catch (LocalServerException notNow) {
            return false;
        }
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        proxies.values().forEach(TcpProxy::close);
        cluster.close();
    }
}
