package io.millrace.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Topology;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpirySettlerTest {

    private static final long LATER = System.currentTimeMillis() + 3_600_000;
    private static final String DEFERRED = Long.toString(DeferredExpiry.of(LATER));

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_7_0", "VALKEY_9_1"})
    void theExactTimesTakeTheirPlaceInEveryDatabase(ServerVersion version) throws InterruptedException {
        try (LocalServer server = LocalServer.start(version)) {
            NodeConnector connector = connector(Topology.STANDALONE, server.port());
            try (Node node = connector.openFirst()) {
                for (int db : new int[] {0, 3}) {
                    node.call("SELECT", Integer.toString(db));
                    for (int i = 0; i < 1200; i++) {
                        node.call("SET", "deferred:" + i, "v");
                        node.call("PEXPIREAT", "deferred:" + i, DEFERRED);
                        node.call("SET", "plain:" + i, "v");
                    }
                    node.call("SET", "exact", "v");
                    node.call("PEXPIREAT", "exact", Long.toString(LATER + 1));
                }
                ExpirySettler settler = new ExpirySettler(connector, at -> true, nanos -> true);

                assertThat(settler.pass()).isTrue();

                assertThat(settler.settled()).isEqualTo(2400);
                assertThat(settler.left()).isZero();
                for (int db : new int[] {0, 3}) {
                    node.call("SELECT", Integer.toString(db));
                    assertThat(expiry(node, "deferred:0")).isEqualTo(LATER);
                    assertThat(expiry(node, "deferred:1199")).isEqualTo(LATER);
                    assertThat(expiry(node, "exact")).isEqualTo(LATER + 1);
                    assertThat(node.call("PTTL", "plain:7")).isEqualTo(-1L);
                }
            }
        }
    }

    @Test
    void whatIsNotDueIsLeft() throws InterruptedException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            NodeConnector connector = connector(Topology.STANDALONE, server.port());
            try (Node node = connector.openFirst()) {
                node.call("SET", "soon", "v");
                node.call("PEXPIREAT", "soon", DEFERRED);
                node.call("SET", "late", "v");
                node.call("PEXPIREAT", "late", Long.toString(DeferredExpiry.of(LATER + 1)));
                ExpirySettler settler = new ExpirySettler(connector, at -> at > LATER, nanos -> true);

                assertThat(settler.pass()).isTrue();

                assertThat(settler.settled()).isEqualTo(1);
                assertThat(settler.left()).isEqualTo(1);
                assertThat(node.call("PEXPIRETIME", "soon")).isEqualTo(Long.parseLong(DEFERRED));
                assertThat(node.call("PEXPIRETIME", "late")).isEqualTo(LATER + 1);
            }
        }
    }

    @Test
    void aPassCanBeEnded() throws InterruptedException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            NodeConnector connector = connector(Topology.STANDALONE, server.port());
            try (Node node = connector.openFirst()) {
                node.call("SET", "key", "v", "PX", "1000000");
            }
            assertThat(new ExpirySettler(connector, at -> true, nanos -> false).pass())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_6_0", "REDIS_8_6", "VALKEY_9_1"})
    void aDatabaseWithoutExpiriesIsNotLookedThrough(ServerVersion version) throws InterruptedException {
        try (LocalServer server = LocalServer.start(version)) {
            NodeConnector connector = connector(Topology.STANDALONE, server.port());
            try (Node node = connector.openFirst()) {
                node.call("SET", "key", "v");
                assertThat(new ExpirySettler(connector, at -> true, nanos -> true).pass())
                        .isTrue();
                assertThat(node.text("INFO", "commandstats")).doesNotContain("cmdstat_scan");
            }
        }
    }

    @Test
    void everyMasterOfAClusterIsLookedThrough() throws InterruptedException {
        try (LocalCluster cluster =
                LocalCluster.of(ServerVersion.standard()).masters(3).start()) {
            NodeConnector connector =
                    connector(Topology.CLUSTER, cluster.masters().get(0).port());
            for (LocalServer master : cluster.masters()) {
                NodeConnector one = connector(Topology.STANDALONE, master.port());
                try (Node node = one.openFirst()) {
                    for (int i = 0; i < 300; i++) {
                        setWhereItBelongs(node, "key:" + i);
                    }
                }
            }
            ExpirySettler settler = new ExpirySettler(connector, at -> true, nanos -> true);

            assertThat(settler.pass()).isTrue();

            assertThat(settler.settled()).isEqualTo(300);
            assertThat(settler.left()).isZero();
        }
    }

    private static void setWhereItBelongs(Node node, String key) {
        try {
            node.call("SET", key, "v");
            node.call("PEXPIREAT", key, DEFERRED);
        } catch (RedisFailureException e) {
            assertThat(e.kind()).isEqualTo(Kind.MOVED);
        }
    }

    private static long expiry(Node node, String key) {
        return new SettlingNode(node, false).byTimeLeft(key.getBytes(StandardCharsets.UTF_8));
    }

    private static NodeConnector connector(Topology topology, int port) {
        Address address = new Address(LocalServer.HOST, port);
        return new NodeConnector(
                topology == Topology.CLUSTER
                        ? RedisEndpoint.cluster(List.of(address))
                        : RedisEndpoint.standalone(address));
    }
}
