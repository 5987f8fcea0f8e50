package io.millrace.benchmarks.table;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A filled source and an empty target, one server or a cluster of three masters. One thread. */
final class Arena implements AutoCloseable {
    /** Either side may hold a few GB here; neither may cut a replica that is slow. */
    private static final String NO_CUT = "client-output-buffer-limit replica 0 0 0";

    private final LocalServer source;
    private final LocalServer target;
    private final LocalCluster cluster;
    private final RespClient sourceClient;
    private final List<RespClient> targetClients = new ArrayList<>();

    private Arena(LocalServer source, LocalServer target, LocalCluster cluster) {
        this.source = source;
        this.target = target;
        this.cluster = cluster;
        this.sourceClient = source.connect();
        if (target != null) {
            targetClients.add(target.connect());
        } else {
            cluster.masters().forEach(master -> targetClients.add(master.connect()));
        }
    }

    static Arena open(ServerVersion version, boolean toCluster) {
        var options = LocalServer.of(version).config(NO_CUT).config("repl-backlog-size 64mb");
        if (version.isValkey() || version.isRedisAtLeast(7, 0)) {
            options.config("enable-debug-command local");
        }
        LocalServer source = options.start();
        try {
            return toCluster
                    ? new Arena(source, null, LocalCluster.of(version).start())
                    : new Arena(
                            source,
                            // A native replica stores the snapshot before it loads it, unless its user dares otherwise.
                            LocalServer.of(version)
                                    .config("repl-diskless-load disabled")
                                    .start(),
                            null);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    RespClient source() {
        return sourceClient;
    }

    LocalServer sourceServer() {
        return source;
    }

    /** The client of the server that a native replica is made of. */
    RespClient target() {
        return targetClients.get(0);
    }

    String sourceUri() {
        return source.uri();
    }

    String targetUri() {
        return target != null ? target.uri() : cluster.masters().get(0).uri();
    }

    /** Live keys of the target, those of Millrace included, which are few. */
    long targetKeys() throws IOException {
        long keys = 0;
        for (RespClient client : targetClients) {
            // A replica that loads answers nothing else.
            client.send("DBSIZE");
            keys += client.receive() instanceof Long count ? count : 0;
        }
        return keys;
    }

    /** The value of a string at the target; null where there is none, or while it loads. */
    byte[] read(String key) throws IOException {
        for (RespClient client : targetClients) {
            client.send("GET", key);
            if (client.receive() instanceof byte[] value) {
                return value;
            }
        }
        return null;
    }

    /** How many full copies the source has begun to send. */
    long copiesBegun() throws IOException {
        return number((byte[]) sourceClient.call("INFO", "stats"), "sync_full:");
    }

    private static long number(byte[] info, String field) {
        String text = new String(info, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = text.indexOf(field) + field.length();
        return Long.parseLong(text.substring(at, text.indexOf('\r', at)));
    }

    /** Compares key by key, value and expiry. */
    void requireEqual() throws InterruptedException {
        RedisEndpoint from = RedisEndpoint.standalone(address(source));
        RedisEndpoint to = target != null
                ? RedisEndpoint.standalone(address(target))
                : RedisEndpoint.cluster(
                        cluster.masters().stream().map(Arena::address).toList());
        VerifyReport report = KeyspaceComparison.between(from, to).run();
        if (!report.isEqual()) {
            throw new BenchmarkFailure(
                    "The target is not equal to the source after the run: " + String.join(" ", report.lines()));
        }
    }

    private static Address address(LocalServer server) {
        return new Address(LocalServer.HOST, server.port());
    }

    @Override
    public void close() {
        source.close();
        if (target != null) {
            target.close();
        } else {
            cluster.close();
        }
    }
}
