package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.slot.HashSlot;
import io.millrace.verify.Difference.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionsAndTopologiesTest {
    private static final VerifyOptions QUICK = VerifyOptions.defaults().withRounds(1, Duration.ofMillis(1));

    @ParameterizedTest
    @EnumSource
    void everyVersionComparesWithTheOldestAndWithItself(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer base = LocalServer.start(ServerVersion.REDIS_6_2);
                LocalServer one = LocalServer.start(version);
                LocalServer other = LocalServer.start(version)) {
            Servers.fill(one);
            Servers.fill(other);
            Servers.fill(base);
            if (version.hasHashFieldExpiry()) {
                // The old server has no such fields.
                for (LocalServer server : new LocalServer[] {one, other}) {
                    for (int database : new int[] {0, 1, 9, 15}) {
                        removeExpiringFields(server, database);
                    }
                }
            }
            if (version == ServerVersion.REDIS_6_0) {
                // It has no XGROUP CREATECONSUMER.
                for (int database : new int[] {0, 1, 9, 15}) {
                    inDatabase(base, database, "XGROUP", "DELCONSUMER", "stream:groups", "workers", "idle");
                }
            }
            assertEqual(compare(one, other));
            assertEqual(compare(base, one));
            assertEqual(compare(one, base));

            one.command("HSET", "hash:512", "field 3", "changed");
            assertThat(compare(base, one).differences())
                    .extracting(Difference::kind)
                    .containsExactly(Kind.VALUE);
            one.command("PEXPIREAT", "list:ints:2", Populator.EXPIRY_BASE - 5);
            assertThat(compare(one, base).counts()).containsOnlyKeys(Kind.VALUE, Kind.EXPIRY);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "REDIS_8_6", "VALKEY_9_1"})
    void fieldExpiriesAreCompared(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer one = LocalServer.start(version);
                LocalServer other = LocalServer.start(version)) {
            Servers.fill(one);
            Servers.fill(other);
            assertEqual(compare(one, other));
            String[] keys = {"hash:expiring-fields:2", "hash:expiring-fields:600"};
            for (String key : keys) {
                other.command("HPEXPIREAT", key, Populator.EXPIRY_BASE + 1, "FIELDS", 1, "field 0");
            }
            assertThat(compare(one, other).differences()).hasSize(2).allSatisfy(difference -> {
                assertThat(difference.kind()).isEqualTo(Kind.EXPIRY);
                assertThat(difference.target()).contains("field \"field 0\" with expiry at 4102444800001");
            });
        }
    }

    @Test
    void vectorSetsAreComparedByElement() throws Exception {
        ServerVersion version = ServerVersion.REDIS_8_6;
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer one = LocalServer.start(version);
                LocalServer other = LocalServer.start(version)) {
            for (LocalServer server : new LocalServer[] {one, other}) {
                try (RespClient client = server.connect()) {
                    new Populator(client, 1).vectorSets();
                }
            }
            assertEqual(compare(one, other));
            other.command("VSETATTR", "vector:exact", "one", "{\"year\":1985}");
            other.command("VADD", "vector:plain", "VALUES", 3, 1, 2, 3, "element 7");
            assertThat(compare(one, other).differences())
                    .extracting(Difference::kind)
                    .containsExactly(Kind.VALUE, Kind.VALUE);
        }
    }

    @Test
    void aClusterComparesWithAStandaloneServer() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.REDIS_7_0)
                        .config("databases 1")
                        .start();
                LocalCluster cluster =
                        LocalCluster.of(ServerVersion.REDIS_7_0).password("pw").start()) {
            try (RespClient client = server.connect()) {
                new Populator(client, 1).mixed(3000);
            }
            Servers.copy(server, cluster);
            var clusterEndpoint = Servers.endpoint(cluster).withLogin(Login.password(Secret.of("pw")));
            KeyspaceComparison toCluster = new KeyspaceComparison(Servers.endpoint(server), clusterEndpoint, QUICK);
            KeyspaceComparison toServer = new KeyspaceComparison(clusterEndpoint, Servers.endpoint(server), QUICK);
            assertEqual(toCluster.run());
            assertEqual(toServer.run());
            assertThat(toCluster.run().keysCompared()).isEqualTo(3000);

            for (String key : new String[] {"ghost", "another", "third"}) {
                cluster.masterOf(HashSlot.of(key.getBytes(StandardCharsets.US_ASCII)))
                        .command("SET", key, "v");
            }
            server.command("DEL", "mixed:17");
            assertThat(toCluster.run().counts()).containsOnlyKeys(Kind.GHOST).containsValue(4L);
            assertThat(toServer.run().counts()).containsOnlyKeys(Kind.MISSING).containsValue(4L);
        }
    }

    @Test
    void aSlotThatMovesIsFollowed() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.REDIS_7_0);
                LocalCluster cluster = LocalCluster.start(ServerVersion.REDIS_7_0)) {
            int slot = HashSlot.of("{move}".getBytes(StandardCharsets.US_ASCII));
            LocalServer from = cluster.masterOf(slot);
            LocalServer to = cluster.masters().stream()
                    .filter(master -> master != from)
                    .findFirst()
                    .orElseThrow();
            for (int i = 0; i < 200; i++) {
                server.command("SET", "{move}" + i, i);
                from.command("SET", "{move}" + i, i);
            }
            Object fromId = from.command("CLUSTER", "MYID");
            Object toId = to.command("CLUSTER", "MYID");
            to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
            from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
            for (int i = 0; i < 100; i++) {
                from.command("MIGRATE", LocalServer.HOST, to.port(), "{move}" + i, 0, 5000);
            }
            KeyspaceComparison toCluster = new KeyspaceComparison(
                    Servers.endpoint(server), Servers.endpoint(cluster), QUICK.withBatchKeys(10));
            assertEqual(toCluster.run());

            AtomicBoolean moved = new AtomicBoolean();
            VerifyReport report = toCluster.run(progress -> {
                if (progress.keys() > 50 && moved.compareAndSet(false, true)) {
                    for (int i = 100; i < 200; i++) {
                        from.command("MIGRATE", LocalServer.HOST, to.port(), "{move}" + i, 0, 5000);
                    }
                    to.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
                    from.command("CLUSTER", "SETSLOT", slot, "NODE", toId);
                }
            });
            assertThat(moved).isTrue();
            assertEqual(report);
            assertThat(report.notes()).singleElement().asString().startsWith("Slots of the target moved");
        }
    }

    @Test
    void keysInADatabaseThatAClusterLacksAreMissing() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.REDIS_7_0);
                LocalCluster cluster = LocalCluster.start(ServerVersion.REDIS_7_0)) {
            inDatabase(server, 3, "MSET", "a", "1", "b", "2");
            VerifyReport report =
                    new KeyspaceComparison(Servers.endpoint(server), Servers.endpoint(cluster), QUICK).run();
            assertThat(report.differences())
                    .hasSize(2)
                    .allSatisfy(difference ->
                            assertThat(difference.toString()).contains("db 3").endsWith("target has no database 3"));
        }
    }

    @Test
    void aUserWithoutMemoryUsageComparesAllTheSame() throws Exception {
        try (LocalServer one = LocalServer.of(ServerVersion.REDIS_7_0)
                        .user("reader", "pw", "~* +@read +@keyspace +@connection +info +time -memory")
                        .start();
                LocalServer other = LocalServer.start(ServerVersion.REDIS_7_0)) {
            Servers.fill(one);
            Servers.fill(other);
            other.command("RPUSH", "list:many-nodes", "one more");
            VerifyReport report = new KeyspaceComparison(
                            Servers.endpoint(one).withLogin(Login.of("reader", Secret.of("pw"))),
                            Servers.endpoint(other),
                            QUICK.withDatabases(Set.of(0)))
                    .run();
            assertThat(report.differences())
                    .extracting(Difference::printableKey)
                    .containsExactly("\"list:many-nodes\"");
            assertThat(report.notes()).singleElement().asString().contains("may not run FUNCTION LIST");
        }
    }

    private static void removeExpiringFields(LocalServer server, int database) throws Exception {
        for (String suffix : new String[] {"2", "600", "all"}) {
            inDatabase(server, database, "DEL", "hash:expiring-fields:" + suffix);
        }
    }

    private static void inDatabase(LocalServer server, int database, Object... command) throws Exception {
        try (RespClient client = server.connect()) {
            client.call("SELECT", database);
            client.call(command);
        }
    }

    private static VerifyReport compare(LocalServer source, LocalServer target) throws Exception {
        return new KeyspaceComparison(Servers.endpoint(source), Servers.endpoint(target), QUICK).run();
    }

    private static void assertEqual(VerifyReport report) {
        assertThat(report.differences()).as(String.join("\n", report.lines())).isEmpty();
        assertThat(report.keysCompared()).isPositive();
    }
}
