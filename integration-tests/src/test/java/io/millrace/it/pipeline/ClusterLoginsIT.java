package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.it.worker.WorkerRest;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users of two clusters with the documented rights, and what is said when one of the rights is missing. */
@ExtendWith(WithSharedRuntime.class)
class ClusterLoginsIT {

    private static final String INTERNAL = "between nodes";
    private static final String PASSWORD = "least";
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int KEYS = 500;

    private static LocalCluster source;
    private static LocalCluster destination;

    @BeforeAll
    static void start() {
        source = cluster(3);
        destination = cluster(2);
    }

    @AfterAll
    static void stop() {
        source.close();
        destination.close();
    }

    private static LocalCluster cluster(int masters) {
        return LocalCluster.of(ServerVersion.standard())
                .masters(masters)
                .replicas(1)
                .password(INTERNAL)
                .config("repl-backlog-size 64mb")
                .config("repl-diskless-sync-delay 0")
                .start();
    }

    @Test
    void theDocumentedUsersCanDoAllThatIsNeeded(SharedRuntime runtime) throws Exception {
        DocumentedUser.OF_A_SOURCE_CLUSTER.createOn(source, PASSWORD);
        DocumentedUser.OF_A_DESTINATION_CLUSTER.createOn(destination, PASSWORD);
        WorkerRest rest = runtime.rest();
        write("before", KEYS);
        rest.put("cluster-users-source", sourceConfig("cluster-users"));
        rest.put("cluster-users-sink", sinkConfig("cluster-users"));
        try {
            awaitEqual(rest);
            write("after", KEYS);
            LocalServer former = source.masters().get(0);
            LocalServer heir = source.replicas().get(0);
            LocalCluster.promote(heir);
            await().atMost(PATIENCE).until(() -> role(former).equals("slave"));
            write("later", KEYS);
            source.masters().get(1).command("FLUSHALL");
            write("last", KEYS);
            assertThat(awaitEqual(rest)).isGreaterThan(2 * KEYS);
        } finally {
            rest.delete("cluster-users-sink");
            rest.delete("cluster-users-source");
            failBack();
        }
    }

    /** Back to the roles in which the cluster was formed, for the tests that follow. */
    private static void failBack() {
        LocalServer former = source.masters().get(0);
        if (role(former).equals("slave")) {
            LocalCluster.promote(former);
        }
    }

    @Test
    void theSourceNamesTheRightThatIsMissing(SharedRuntime runtime) {
        DocumentedUser.OF_A_SOURCE_CLUSTER.createOn(source, PASSWORD);
        for (String right : List.of("psync", "replconf", "info", "cluster|nodes")) {
            String name = "cluster-source-without-" + right.replace('|', '-');
            allow(source, "-" + right);
            assertThat(refusal(runtime.rest(), name, sourceConfig(name)))
                    .as(right)
                    .containsIgnoringCase(right.replace('|', ' '));
            allow(source, "+" + right);
        }
    }

    /** Of one node alone, which is not the one that is asked first. */
    @Test
    void theSourceNamesTheNodeThatDoesNotKnowTheUser(SharedRuntime runtime) {
        DocumentedUser.OF_A_SOURCE_CLUSTER.createOn(source, PASSWORD);
        LocalServer forgotten = source.masters().get(2);
        forgotten.command("ACL", "DELUSER", DocumentedUser.NAME);
        assertThat(refusal(runtime.rest(), "cluster-source-one-node", sourceConfig("cluster-source-one-node")))
                .contains(LocalServer.HOST + ":" + forgotten.port(), "on every node");
    }

    /** {@code CLIENT LIST} and {@code CLIENT KILL} are missed only where there is somebody to shut out. */
    @Test
    void theSinkNamesTheRightThatIsMissing(SharedRuntime runtime) throws Exception {
        DocumentedUser.OF_A_SOURCE_CLUSTER.createOn(source, PASSWORD);
        DocumentedUser.OF_A_DESTINATION_CLUSTER.createOn(destination, PASSWORD);
        String name = "cluster-sink-without";
        WorkerRest rest = runtime.rest();
        write("some", 20);
        rest.put(name + "-source", sourceConfig(name));
        rest.put(name, sinkConfig(name));
        try {
            await("the first sink has written").atMost(PATIENCE).until(() -> {
                rest.failure(name).ifPresent(trace -> {
                    throw new AssertionError(trace);
                });
                return destination.masters().stream().allMatch(master -> (Long) master.command("DBSIZE") > 20);
            });
            rest.delete(name);
            allow(destination, "-client|setname");
            assertThat(refusal(rest, name, sinkConfig(name))).contains("refuses CLIENT SETNAME");
        } finally {
            rest.delete(name + "-source");
        }
    }

    private static void allow(LocalCluster cluster, String rule) {
        for (LocalServer node : cluster.nodes()) {
            assertThat(node.command("ACL", "SETUSER", DocumentedUser.NAME, rule))
                    .isEqualTo("OK");
        }
    }

    /** What Connect says of a connector that it does not take, or whose task fails. */
    private static String refusal(WorkerRest rest, String connector, Map<String, String> config) {
        try {
            rest.put(connector, config);
        } catch (AssertionError refused) {
            return refused.getMessage();
        }
        try {
            return await(connector + " fails")
                    .atMost(PATIENCE)
                    .until(() -> rest.failure(connector), Optional::isPresent)
                    .orElseThrow();
        } finally {
            rest.delete(connector);
        }
    }

    private static Map<String, String> sourceConfig(String topic) {
        Map<String, String> config = config(Destination.of(source));
        config.put("connector.class", "io.millrace.source.RedisSourceConnector");
        config.put("tasks.max", "2");
        config.put("topic", topic);
        config.put("topic.partitions", "4");
        config.put("topic.creation.default.partitions", "4");
        config.put("topic.creation.default.replication.factor", "1");
        config.put("heartbeat.interval.ms", "500");
        return config;
    }

    private static Map<String, String> sinkConfig(String topic) {
        Map<String, String> config = config(Destination.of(destination));
        config.put("connector.class", "io.millrace.sink.RedisSinkConnector");
        config.put("tasks.max", "2");
        config.put("topics", topic);
        return config;
    }

    private static Map<String, String> config(Destination side) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.putAll(side.config());
        config.put("redis.user", DocumentedUser.NAME);
        config.put("redis.password", PASSWORD);
        return config;
    }

    private static void write(String name, int count) throws IOException {
        Map<LocalServer, RespClient> clients = new HashMap<>();
        try {
            for (int i = 0; i < count; i++) {
                String tag = name + i;
                int slot = HashSlot.of(tag.getBytes(StandardCharsets.UTF_8));
                LocalServer master = source.masterOf(slot);
                if (role(master).equals("slave")) {
                    master = source.replicas().get(source.masters().indexOf(master));
                }
                LocalServer at = master;
                RespClient client = clients.computeIfAbsent(at, LocalServer::connect);
                client.call("SET", "{" + tag + "}text", "value " + i);
                client.call("MULTI");
                client.call("RPUSH", "{" + tag + "}list", i);
                client.call("HSET", "{" + tag + "}hash", "field", i);
                client.call("EXEC");
            }
        } finally {
            for (RespClient client : clients.values()) {
                client.close();
            }
        }
    }

    private static String role(LocalServer server) {
        return new String((byte[]) server.command("INFO", "replication"), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("role:"))
                .findFirst()
                .orElseThrow()
                .substring("role:".length());
    }

    /** Compares until both are equal; the pipeline is behind at first. */
    private static long awaitEqual(WorkerRest rest) throws Exception {
        RedisEndpoint from = endpoint(source);
        RedisEndpoint to = endpoint(destination);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (String connector : new String[] {"cluster-users-source", "cluster-users-sink"}) {
                rest.failure(connector).ifPresent(trace -> {
                    throw new AssertionError(connector + " failed: " + trace);
                });
            }
            VerifyReport report = new KeyspaceComparison(from, to, VerifyOptions.defaults()).run();
            if (report.isEqual() || System.nanoTime() > deadline) {
                assertThat(report.isEqual())
                        .as("%s", String.join("\n", report.lines()))
                        .isTrue();
                return report.keysCompared();
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private static RedisEndpoint endpoint(LocalCluster cluster) {
        return RedisEndpoint.cluster(
                        cluster.nodes().stream().map(Destination::address).toList())
                .withLogin(Login.password(Secret.of(INTERNAL)));
    }
}
