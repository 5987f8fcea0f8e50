package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.Finding;
import io.millrace.config.LiveCheck;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.Login;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.Secret;
import io.millrace.endpoint.SentinelSettings;
import io.millrace.failure.Kind;
import io.millrace.failure.RedisFailureException;
import io.millrace.redis.local.LocalSentinels;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Real sentinels: what they are asked, who is believed, and every way in which asking can fail. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SentinelsTest {

    private static final String MASTER = LocalSentinels.MASTER;

    private static LocalServer master;
    private static LocalServer replica;
    private static LocalSentinels sentinels;

    @BeforeAll
    static void start() {
        master = LocalServer.start(ServerVersion.standard());
        replica = LocalServer.of(ServerVersion.standard()).replicaOf(master).start();
        sentinels = LocalSentinels.watching(master, 1, "s3cret");
        for (int i = 0; i < 3; i++) {
            sentinels
                    .sentinel(i)
                    .command(
                            "ACL",
                            "SETUSER",
                            "watcher",
                            "on",
                            ">hunter2",
                            "+client|setname",
                            "+sentinel|master",
                            "+sentinel|replicas");
        }
    }

    @AfterAll
    static void stop() {
        sentinels.close();
        replica.close();
        master.close();
    }

    private static RedisEndpoint endpoint(String name, Login login, String... hosts) {
        List<Address> addresses = Arrays.stream(
                        hosts.length == 0 ? sentinels.hosts().split(",") : hosts)
                .map(Address::parse)
                .toList();
        return RedisEndpoint.cluster(addresses)
                .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2))
                .withSentinels(new SentinelSettings(name, login));
    }

    private static Login password(String secret) {
        return Login.password(Secret.of(secret));
    }

    private static Address address(LocalServer server) {
        return new Address(LocalServer.HOST, server.port());
    }

    private static String only(RedisEndpoint endpoint, String... keys) {
        List<Finding> findings = new LiveCheck(Duration.ofSeconds(10)).of(endpoint);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).keys()).containsExactly(keys);
        assertThat(findings.get(0).sentence()).doesNotContain("s3cret").doesNotContain("hunter2");
        return findings.get(0).sentence();
    }

    @Test
    @Order(1)
    void namesTheMasterAndItsReplicas() {
        for (Login login : List.of(password("s3cret"), Login.of("watcher", Secret.of("hunter2")))) {
            NodeConnector connector = new NodeConnector(endpoint(MASTER, login));
            assertThat(connector.server()).isEqualTo(address(master));
            assertThat(connector.replicas()).containsExactly(address(replica));
            try (Node node = connector.openFirst()) {
                assertThat(ServerInfo.of(node).isMaster()).isTrue();
            }
        }
        assertThat(new LiveCheck(Duration.ofSeconds(10)).of(endpoint(MASTER, password("s3cret"))))
                .isEmpty();
    }

    @Test
    @Order(2)
    void saysWhichOptionIsAtFault() {
        assertThat(only(endpoint("other", password("s3cret")), "redis.sentinel.master", "redis.hosts"))
                .isEqualTo("The sentinels know no master named 'other': correct redis.sentinel.master, or name other"
                        + " sentinels.");
        assertThat(only(endpoint(MASTER, Login.none(), "127.0.0.1:" + master.port()), "redis.hosts", "redis.topology"))
                .isEqualTo(
                        "redis.hosts is no sentinel and redis.topology is sentinel: name the sentinels (port 26379 by"
                                + " default), or set redis.topology=standalone.");
        assertThat(only(endpoint(MASTER, password("wrong")), "redis.sentinel.password"))
                .contains("No sentinel answers.")
                .contains("refuses the password");
        assertThat(only(endpoint(MASTER, Login.none()), "redis.sentinel.password"))
                .contains("asks for a password")
                .contains("redis.sentinel.password");
        assertThat(only(endpoint(MASTER, Login.none(), "127.0.0.1:1", "127.0.0.1:2"), "redis.hosts"))
                .contains("No sentinel answers.")
                .contains("127.0.0.1:1");
        String[] first = sentinels.hosts().split(",");
        RedisEndpoint noSentinel =
                RedisEndpoint.standalone(Address.parse(first[0])).withLogin(password("s3cret"));
        assertThat(only(noSentinel, "redis.topology", "redis.hosts"))
                .contains("is a sentinel and redis.topology is standalone: set redis.topology=sentinel");
    }

    @Test
    @Order(3)
    void oneThatIsAwayIsDoneWithout() {
        sentinels.sentinel(0).stop();
        assertThat(new NodeConnector(endpoint(MASTER, password("s3cret"))).server())
                .isEqualTo(address(master));
        sentinels.sentinel(0).start();
    }

    /** The sentinel that slept through a failover is asked first, and not believed. */
    @Test
    @Order(4)
    void theNewestConfigurationIsBelieved() {
        NodeConnector connector = new NodeConnector(endpoint(MASTER, password("s3cret")));
        sentinels.sentinel(0).pause();
        try {
            sentinels.sentinel(1).command("SENTINEL", "FAILOVER", MASTER);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                try {
                    return connector.server().equals(address(replica));
                } catch (RedisFailureException e) {
                    assertThat(e.kind()).isIn(Kind.NO_MASTER, Kind.CONNECTION, Kind.LOADING, Kind.TIMEOUT);
                    return false;
                }
            });
        } finally {
            sentinels.sentinel(0).resume();
        }
    }

    @Test
    @Order(5)
    void aMasterThatIsAReplicaByNowIsNoMaster() {
        replica.command("REPLICAOF", LocalServer.HOST, Integer.toString(master.port()));
        master.command("REPLICAOF", LocalServer.HOST, Integer.toString(replica.port()));
        NodeConnector connector = new NodeConnector(endpoint(MASTER, password("s3cret")));
        assertThatThrownBy(connector::server).isInstanceOfSatisfying(RedisFailureException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.NO_MASTER);
            assertThat(e.failure().isRetryable()).isTrue();
        });
    }
}
