package io.millrace.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterLayoutTest {

    private static final Address ASKED = new Address("asked", 7000);

    private static List<Object> range(long first, long last, String host, long port) {
        return List.of(first, last, List.of(host.getBytes(US_ASCII), port, "id".getBytes(US_ASCII)));
    }

    @Test
    void readsRangesAndFillsInHostsThatTheServerDoesNotKnow() {
        byte[] info = "cluster_state:ok\r\ncluster_current_epoch:6\r\n".getBytes(US_ASCII);
        ClusterLayout layout = ClusterLayout.parse(
                List.of(range(0, 99, "", 7000), range(100, 16382, "b", 7001), range(16383, 16383, "?", 7002)),
                info,
                ASKED);
        assertThat(layout.master(0)).isEqualTo(ASKED);
        assertThat(layout.master(100)).isEqualTo(new Address("b", 7001));
        assertThat(layout.master(16383)).isEqualTo(new Address("asked", 7002));
        assertThat(layout.slotsOf(ASKED)).hasSize(100).startsWith(0, 1).endsWith(99);
        assertThat(layout.epoch()).isEqualTo(6);
        assertThat(layout.isComplete()).isTrue();
        assertThat(layout.withSlot(5, new Address("b", 7001)).slotsOf(ASKED)).hasSize(99);
    }

    @Test
    void replicasAreThoseOfTheirMaster() {
        byte[] info = "cluster_state:ok\r\ncluster_known_nodes:4\r\n".getBytes(US_ASCII);
        ClusterLayout layout = ClusterLayout.parse(
                List.of(List.of(0L, 99L, node("a", 1), node("b", 2), node("", 3)), List.of(100L, 16383L, node("c", 4))),
                info,
                ASKED);
        assertThat(layout.replicas(new Address("a", 1))).containsExactly(new Address("b", 2), new Address("asked", 3));
        assertThat(layout.replicas(new Address("c", 4))).isEmpty();
        assertThat(layout.withSlot(5, new Address("c", 4)).replicas(new Address("a", 1)))
                .hasSize(2);
        assertThat(layout.knownNodes()).isEqualTo(4);
    }

    private static List<Object> node(String host, long port) {
        return List.of(host.getBytes(US_ASCII), port, "id".getBytes(US_ASCII));
    }

    @Test
    void slotsThatNobodyServesAreCounted() {
        byte[] info = "cluster_state:fail\r\n".getBytes(US_ASCII);
        ClusterLayout layout = ClusterLayout.parse(List.of(range(0, 99, "a", 1)), info, ASKED);
        assertThat(layout.master(100)).isNull();
        assertThat(layout.unservedSlots()).isEqualTo(HashSlot.COUNT - 100);
        assertThat(layout.isComplete()).isFalse();
    }

    @Test
    void aRealClusterIsReadAndReadAgainWhenTheFirstSeedIsGone() {
        try (LocalCluster cluster = LocalCluster.start(ServerVersion.standard())) {
            List<Address> nodes = cluster.nodes().stream()
                    .map(node -> new Address(LocalServer.HOST, node.port()))
                    .toList();
            NodeConnector connector = new NodeConnector(RedisEndpoint.cluster(nodes));
            ClusterView view = new ClusterView(connector);
            assertThat(view.layout().isComplete()).isTrue();
            assertThat(view.layout().masters()).containsExactlyInAnyOrderElementsOf(nodes);
            int slot = HashSlot.of("foo".getBytes(US_ASCII));
            Address master = view.layout().master(slot);
            assertThat(master.port()).isEqualTo(cluster.masterOf(slot).port());
            try (Node node = connector.open(master)) {
                assertThat(node.text("SET", "foo", "bar")).isEqualTo("OK");
            }
            Address other = nodes.stream()
                    .filter(one -> !one.equals(master))
                    .findFirst()
                    .orElseThrow();
            try (Node node = connector.open(other)) {
                assertThatThrownBy(() -> node.call("GET", "foo"))
                        .hasMessageContaining("MOVED " + slot)
                        .satisfies(e ->
                                assertThat(((RedisFailureException) e).kind()).isEqualTo(Kind.MOVED));
            }
            view.moved(slot, other);
            assertThat(view.layout().master(slot)).isEqualTo(other);
            cluster.nodes().get(0).stop();
            assertThat(view.refresh().master(slot)).isEqualTo(master);
        }
    }
}
