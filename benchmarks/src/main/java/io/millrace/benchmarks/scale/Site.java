package io.millrace.benchmarks.scale;

import io.millrace.benchmarks.table.BenchmarkFailure;
import io.millrace.redis.local.DistantProxy;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The servers of one arrangement, as far away as it says. One thread. */
final class Site implements AutoCloseable {
    static final int VALUE_BYTES = 100;

    /** Nobody is to be cut off here for being slow. */
    private static final List<String> ROOM =
            List.of("client-output-buffer-limit replica 0 0 0", "repl-backlog-size 64mb", "repl-diskless-sync-delay 0");

    private static final int WINDOW = 500;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<RespClient> sources = new ArrayList<>();
    private final RespClient target;
    private final LocalCluster cluster;
    private final String sourceUri;
    private final String targetUri;
    private final byte[] value = new byte[VALUE_BYTES];

    Site(ServerVersion version, ScaleCase scale) {
        // Redis compresses what can be compressed, and the plan counts the bytes.
        new Random(1).nextBytes(value);
        List<LocalServer> masters = new ArrayList<>();
        if (scale.shards() == 0) {
            var options = LocalServer.of(version);
            ROOM.forEach(options::config);
            LocalServer server = keep(options.start());
            cluster = null;
            masters.add(server);
        } else {
            var options = LocalCluster.of(version).masters(scale.shards());
            ROOM.forEach(options::config);
            cluster = keep(options.start());
            masters.addAll(cluster.masters());
        }
        masters.forEach(master -> sources.add(keep(master.connect())));
        LocalServer destination = keep(LocalServer.of(version).start());
        target = keep(destination.connect());
        sourceUri = scale.shards() == 0
                ? far(masters.get(0), scale.sourceMillis())
                : masters.get(0).uri();
        targetUri = far(destination, scale.targetMillis());
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private String far(LocalServer server, int millis) {
        if (millis == 0) {
            return server.uri();
        }
        DistantProxy proxy = keep(DistantProxy.to(server.port(), Duration.ofMillis(millis)));
        return "redis://" + LocalServer.HOST + ":" + proxy.port();
    }

    String sourceUri() {
        return sourceUri;
    }

    String targetUri() {
        return targetUri;
    }

    int shards() {
        return sources.size();
    }

    /** Writes so many strings of their own at the source, spread over its shards. */
    void write(String prefix, int count) throws IOException {
        int[] open = new int[sources.size()];
        for (int i = 0; i < count; i++) {
            String key = prefix + i;
            int shard = shardOf(key);
            sources.get(shard).send("SET", key, value);
            if (++open[shard] == WINDOW) {
                drain(shard, open);
            }
        }
        for (int shard = 0; shard < open.length; shard++) {
            drain(shard, open);
        }
    }

    private void drain(int shard, int[] open) throws IOException {
        sources.get(shard).flush();
        for (; open[shard] > 0; open[shard]--) {
            if (sources.get(shard).receive() instanceof RespClient.ErrorReply error) {
                throw new BenchmarkFailure("The source has refused a SET: " + error.message());
            }
        }
    }

    private int shardOf(String key) {
        return cluster == null
                ? 0
                : cluster.masters().indexOf(cluster.masterOf(HashSlot.of(key.getBytes(StandardCharsets.US_ASCII))));
    }

    long targetKeys() throws IOException {
        return (Long) target.call("DBSIZE");
    }

    boolean targetHas(String key) throws IOException {
        return (Long) target.call("EXISTS", key) == 1;
    }

    @Override
    public void close() {
        for (int i = opened.size() - 1; i >= 0; i--) {
            try {
                opened.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("A server of the benchmark cannot be closed", e);
            }
        }
    }
}
