package io.millrace.redis.local;

import static io.millrace.redis.local.LocalServerTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalClusterTest {
    @ParameterizedTest
    @EnumSource
    void everySlotIsServedAndEveryNodeKnowsAll(ServerVersion version) {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalCluster cluster = LocalCluster.start(version)) {
            assertThat(cluster.masters()).hasSize(3);
            for (String key : new String[] {"a", "b", "c", "d"}) {
                int slot = ((Long) cluster.masters().get(0).command("CLUSTER", "KEYSLOT", key)).intValue();
                assertThat(cluster.masterOf(slot).command("SET", key, "v")).isEqualTo("OK");
                cluster.masters().stream()
                        .filter(node -> node != cluster.masterOf(slot))
                        .forEach(other -> assertThatThrownBy(() -> other.command("GET", key))
                                .hasMessageContaining("MOVED " + slot + " 127.0.0.1:"
                                        + cluster.masterOf(slot).port()));
            }
        }
    }

    @Test
    void aReplicaTakesOverWhenItsMasterIsKilled() {
        try (LocalCluster cluster = LocalCluster.of(ServerVersion.standard())
                .replicas(1)
                .password("pw")
                .config("cluster-node-timeout 1000")
                .start()) {
            LocalServer master = cluster.masters().get(0);
            LocalServer replica = cluster.replicas().get(0);
            master.command("SET", "b", "v"); // slot 3300
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(text(replica.command("INFO", "keyspace")))
                            .contains("db0:keys=1"));
            master.kill9();
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(replica.command("SET", "b", "w")).isEqualTo("OK"));
        }
    }
}
