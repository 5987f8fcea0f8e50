package io.millrace.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.it.pipeline.Converters;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.SlotMover;
import io.millrace.slot.HashSlot;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cluster whose user may not replicate, into a single server and into a cluster of another layout: every type, while slots
 * move, and then a second copy, which removes what the first had brought and the source has no more.
 */
@ExtendWith(WithSharedRuntime.class)
class ClusterScanIT {

    private static final String COMMAND = "ACL SETUSER millrace-scan ";
    private static final List<String> FOR_A_CLUSTER = List.of("+cluster|nodes", "+readonly");
    private static final int KEYS = 40_000;
    private static final String SOURCE = "scanned-cluster-source";
    private static final String TOPIC = "scanned-cluster";

    @Test
    void copiesTwice(SharedRuntime runtime) throws Exception {
        ServerVersion version = ServerVersion.REDIS_8_0;
        WorkerRest rest = runtime.rest();
        try (LocalCluster source = LocalCluster.start(version);
                LocalServer single = LocalServer.start(version);
                LocalCluster cluster = LocalCluster.of(version).masters(2).start()) {
            everyType(source, version);
            write(source, 0, KEYS);
            createUser(source);
            rest.put(SOURCE, sourceConfig(source));
            sink(rest, "scan-into-single", LocalServer.HOST + ":" + single.port(), "standalone");
            sink(rest, "scan-into-cluster", hosts(cluster), "cluster");
            try {
                SlotMover.reshard(source.masters().get(0), source.masters().get(1), 150);
                compare(rest, source, single, cluster);

                Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> isComplete(rest.offsets(SOURCE)));

                rest.stop(SOURCE);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> rest.deleteOffsets(SOURCE).contains("successfully"));
                delete(source, 100, 3_000);
                write(source, KEYS, KEYS + 2_000);
                rest.resume(SOURCE);
                compare(rest, source, single, cluster);
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isComplete(rest.offsets(SOURCE)));
            } finally {
                rest.delete("scan-into-single");
                rest.delete("scan-into-cluster");
                rest.delete(SOURCE);
            }
        }
    }

    private static boolean isComplete(JsonNode offsets) {
        List<String> phases = offsets.findValuesAsText("phase");
        return phases.size() == 3 && phases.stream().allMatch("stream"::equals);
    }

    private static Map<String, String> sourceConfig(LocalCluster source) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("tasks.max", "2");
        config.put("redis.topology", "cluster");
        config.put("redis.hosts", hosts(source));
        config.put("redis.user", "millrace-scan");
        config.put("redis.password", "secret");
        config.put("capture.mode", "scan");
        config.put("topic", TOPIC);
        config.put("topic.partitions", "6");
        config.put("topic.creation.default.partitions", "6");
        config.put("topic.creation.default.replication.factor", "1");
        config.put("record.grouping", "batch");
        return config;
    }

    private static void sink(WorkerRest rest, String name, String hosts, String topology) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("connector.class", "io.millrace.sink.RedisSinkConnector");
        config.put("tasks.max", "2");
        config.put("topics", TOPIC);
        config.put("redis.hosts", hosts);
        config.put("redis.topology", topology);
        config.put("resync.ghosts", "remove");
        rest.put(name, config);
    }

    private static String hosts(LocalCluster cluster) {
        return addresses(cluster).stream().map(Address::toString).collect(Collectors.joining(","));
    }

    private static List<Address> addresses(LocalCluster cluster) {
        return cluster.nodes().stream()
                .map(node -> new Address(LocalServer.HOST, node.port()))
                .toList();
    }

    /** Moved into the cluster value by value, as what makes them knows no slots. */
    private static void everyType(LocalCluster cluster, ServerVersion version) throws IOException {
        try (LocalServer one = LocalServer.start(version);
                RespClient client = one.connect()) {
            new Populator(client, 1).everyType();
            client.call("SELECT", "0");
            for (Object key : (List<?>) client.call("KEYS", "*")) {
                Object payload = client.call("DUMP", key);
                Object expireAt = client.call("PEXPIRETIME", key);
                cluster.masterOf(HashSlot.of((byte[]) key))
                        .command("RESTORE", key, Math.max(0, (Long) expireAt), payload, "ABSTTL");
            }
        }
    }

    private static void write(LocalCluster cluster, int from, int to) throws IOException {
        each(cluster, from, to, "SET");
    }

    private static void delete(LocalCluster cluster, int from, int to) throws IOException {
        each(cluster, from, to, "DEL");
    }

    private static void each(LocalCluster cluster, int from, int to, String command) throws IOException {
        Map<Integer, RespClient> clients = new HashMap<>();
        try {
            for (LocalServer master : cluster.masters()) {
                clients.put(master.port(), master.connect());
            }
            for (int i = from; i < to; i++) {
                String key = "key:" + i;
                Object[] words = command.equals("SET")
                        ? new Object[] {command, key, "value of " + i}
                        : new Object[] {command, key};
                int port = cluster.masterOf(HashSlot.of(key.getBytes(StandardCharsets.US_ASCII)))
                        .port();
                if (call(clients.get(port), words) instanceof RespClient.ErrorReply moved) {
                    assertThat(moved.message()).startsWith("MOVED ");
                    port = Integer.parseInt(
                            moved.message().substring(moved.message().lastIndexOf(':') + 1));
                    clients.get(port).call(words);
                }
            }
        } finally {
            for (RespClient client : clients.values()) {
                client.close();
            }
        }
    }

    private static Object call(RespClient client, Object... words) throws IOException {
        client.send(words);
        client.flush();
        return client.receive();
    }

    /** As the page says, and what it says a cluster needs beside. */
    private static void createUser(LocalCluster cluster) throws IOException {
        String line = Files.readAllLines(Path.of("..", "docs", "setting-up-redis.md")).stream()
                .filter(one -> one.startsWith(COMMAND))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
        words.addAll(FOR_A_CLUSTER);
        for (LocalServer node : cluster.nodes()) {
            assertThat(node.command(words.toArray())).isEqualTo("OK");
        }
    }

    private static void compare(WorkerRest rest, LocalCluster source, LocalServer single, LocalCluster cluster)
            throws Exception {
        RedisEndpoint from = RedisEndpoint.cluster(addresses(source));
        compare(rest, from, RedisEndpoint.standalone(new Address(LocalServer.HOST, single.port())));
        compare(rest, from, RedisEndpoint.cluster(addresses(cluster)));
    }

    private static void compare(WorkerRest rest, RedisEndpoint from, RedisEndpoint to) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
        while (true) {
            VerifyReport report = new KeyspaceComparison(from, to, VerifyOptions.defaults()).run();
            for (String connector : List.of(SOURCE, "scan-into-single", "scan-into-cluster")) {
                rest.failure(connector).ifPresent(trace -> {
                    throw new AssertionError(connector + " failed: " + trace);
                });
            }
            if (report.isEqual() || System.nanoTime() > deadline) {
                assertThat(report.isEqual())
                        .as("%s", String.join("\n", report.lines()))
                        .isTrue();
                assertThat(report.keysCompared()).isGreaterThan(KEYS - 3_000);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }
}
