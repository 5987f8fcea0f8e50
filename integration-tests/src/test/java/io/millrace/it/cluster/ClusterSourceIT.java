package io.millrace.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.it.pipeline.Converters;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.SlotMover;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster of three shards into a single server and into a cluster of two, under commands that count, while slots move, shards
 * are emptied, a master fails over and a fourth shard joins. {@code scripts/cluster-storm} runs it larger.
 */
@ExtendWith(WithSharedRuntime.class)
class ClusterSourceIT {

    private static final int RATE = Integer.getInteger("millrace.cluster.rate", 2_000);
    private static final int SLOTS = Integer.getInteger("millrace.cluster.slots", 150);
    private static final int SECONDS = Integer.getInteger("millrace.cluster.seconds", 3);
    private static final int TASKS = Integer.getInteger("millrace.cluster.tasks", 2);

    private static List<Address> addresses(LocalCluster cluster) {
        return cluster.nodes().stream()
                .filter(LocalServer::isRunning)
                .map(node -> new Address(LocalServer.HOST, node.port()))
                .toList();
    }

    private static String hosts(List<Address> addresses) {
        return addresses.stream().map(Address::toString).collect(Collectors.joining(","));
    }

    @Test
    void slotsMoveAMasterFailsOverAndAShardJoins(SharedRuntime runtime) throws Exception {
        ServerVersion version = ServerVersion.REDIS_8_0;
        assumeThat(version.available()).as(version.unavailableMessage()).isPresent();
        WorkerRest rest = runtime.rest();
        try (LocalCluster source = LocalCluster.of(version)
                        .replicas(1)
                        .config("cluster-node-timeout 2000")
                        .config("repl-backlog-size 256mb")
                        .start();
                LocalServer single = LocalServer.start(version);
                LocalCluster cluster = LocalCluster.of(version).masters(2).start();
                CountingLoad load = new CountingLoad(source.masters().get(0), RATE).start()) {
            Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
            config.put("connector.class", "io.millrace.source.RedisSourceConnector");
            config.put("tasks.max", Integer.toString(TASKS));
            config.put("redis.topology", "cluster");
            config.put("redis.hosts", hosts(addresses(source)));
            config.put("topic", "from-cluster");
            config.put("topic.partitions", "6");
            config.put("topic.creation.default.partitions", "6");
            config.put("topic.creation.default.replication.factor", "1");
            config.put("record.grouping", "batch");
            rest.put("from-cluster-source", config);
            sink(rest, "into-single", single.port() + "", "standalone");
            sink(rest, "into-cluster", null, hosts(addresses(cluster)));
            try {
                TimeUnit.SECONDS.sleep(SECONDS);
                SlotMover.reshard(source.masters().get(0), source.masters().get(1), SLOTS);
                source.masters().get(1).command("FLUSHALL");
                LocalServer replica = source.replicas().get(1);
                LocalCluster.promote(replica);
                LocalServer fourth = source.join();
                SlotMover.reshard(source.masters().get(2), fourth, SLOTS);
                source.masters().get(2).command("FLUSHALL");
                fourth.command("FLUSHALL");
                SlotMover.reshard(replica, source.masters().get(0), SLOTS / 2);
                TimeUnit.SECONDS.sleep(SECONDS);
                load.end();
                RedisEndpoint from = RedisEndpoint.cluster(addresses(source));
                long keys = compare(rest, from, RedisEndpoint.standalone(new Address(LocalServer.HOST, single.port())));
                assertThat(compare(rest, from, RedisEndpoint.cluster(addresses(cluster))))
                        .isEqualTo(keys);
                System.out.printf(
                        "cluster source: %d writes at %d/s, %d slots moved, %d keys equal in both destinations%n",
                        load.written(), RATE, 2 * SLOTS + SLOTS / 2, keys);
            } finally {
                rest.delete("into-single");
                rest.delete("into-cluster");
                rest.delete("from-cluster-source");
            }
        }
    }

    private static void sink(WorkerRest rest, String name, String port, String hostsOrTopology) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.sink.RedisSinkConnector");
        config.put("tasks.max", Integer.toString(TASKS));
        config.put("topics", "from-cluster");
        config.put("redis.hosts", port == null ? hostsOrTopology : LocalServer.HOST + ":" + port);
        config.put("redis.topology", port == null ? "cluster" : "standalone");
        rest.put(name, config);
    }

    /** Compares until both are equal; the pipeline is behind at first. */
    private static long compare(WorkerRest rest, RedisEndpoint from, RedisEndpoint to) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (true) {
            VerifyReport report = new KeyspaceComparison(from, to, VerifyOptions.defaults()).run();
            for (String connector : List.of("from-cluster-source", "into-single", "into-cluster")) {
                rest.failure(connector).ifPresent(trace -> {
                    throw new AssertionError(connector + " failed: " + trace);
                });
            }
            if (report.isEqual() || System.nanoTime() > deadline) {
                assertThat(report.isEqual())
                        .as("%s", String.join("\n", report.lines()))
                        .isTrue();
                return report.keysCompared();
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }
}
