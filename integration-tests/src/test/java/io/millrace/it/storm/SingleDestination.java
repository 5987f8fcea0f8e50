package io.millrace.it.storm;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.util.List;
import java.util.Map;

/** A master with a replica and append-only files, behind one address. */
final class SingleDestination implements StormDestination {

    private final ReplicatedServer servers;

    SingleDestination(ServerVersion version) {
        servers = ReplicatedServer.start(version, "appendonly yes", "appendfsync everysec");
    }

    @Override
    public Map<String, String> sinkConfig() {
        return Map.of("redis.hosts", LocalServer.HOST + ":" + servers.port());
    }

    @Override
    public RedisEndpoint endpoint() {
        return RedisEndpoint.standalone(new Address(LocalServer.HOST, servers.port()));
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public int shards() {
        return 1;
    }

    @Override
    public int shardOf(String key) {
        return 0;
    }

    @Override
    public LocalServer master(int shard) {
        return servers.master();
    }

    @Override
    public List<TcpProxy> proxies(int shard) {
        return List.of(servers.proxy());
    }

    @Override
    public void kill(int shard, int millis) {
        servers.crash();
    }

    @Override
    public void restart(int shard) {
        servers.master().restart();
    }

    @Override
    public void failOverLosingWrites(int shard, int millis) {
        servers.awaitReplica();
        servers.leaveReplicaBehind();
        Pause.millis(millis);
        servers.promote();
    }

    @Override
    public void awaitWhole() {
        servers.awaitReplica();
    }

    @Override
    public void close() {
        servers.close();
    }
}
