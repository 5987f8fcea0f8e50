package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.change.Position;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.errors.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After every break the events say what the source did: each unit once, whole, in order, in its database. */
class ResumeTest {

    private final EventModel model = new EventModel();
    private final BuildingLoad load = new BuildingLoad();
    private LocalServer master;
    private TcpProxy network;
    private TaskDriver driver;

    @BeforeEach
    void startMaster() {
        master = server("repl-backlog-size 64mb");
        network = TcpProxy.to(master.port());
    }

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
        network.close();
        master.close();
    }

    private static LocalServer server(String... config) {
        var builder = LocalServer.of(ServerVersion.standard())
                .config("repl-diskless-sync-delay 0")
                // A PING that one replica has read and another has not would put it ahead.
                .config("repl-ping-replica-period 3600")
                .config("enable-debug-command local");
        for (String line : config) {
            builder.config(line);
        }
        return builder.start();
    }

    private void startTask(String... more) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name", "resume", "redis.hosts", "127.0.0.1:" + network.port(), "topic", "t", "entry.format", "typed"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        driver = new TaskDriver(properties).start();
        untilCopied(1);
    }

    private void untilCopied(int generation) throws Exception {
        driver.until(() -> driver.changes().stream()
                .anyMatch(c -> c instanceof Mark mark
                        && mark.meaning() == Mark.Meaning.SNAPSHOT_END
                        && mark.origin().generation() == generation));
    }

    private void untilMore(int changes) throws Exception {
        int size = driver.changes().size();
        driver.until(() -> driver.changes().size() >= size + changes);
    }

    private void assertEquals(LocalServer server) throws Exception {
        model.take(driver.changes());
        model.assertEquals(server);
    }

    private static long replication(LocalServer server, String field) {
        String info = new String((byte[]) server.command("INFO", "replication"), StandardCharsets.UTF_8);
        return info.lines()
                .filter(l -> l.startsWith(field + ":"))
                .mapToLong(l -> Long.parseLong(l.substring(field.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static void untilInSync(LocalServer replica, LocalServer of) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> replication(of, "master_repl_offset") == replication(replica, "slave_repl_offset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void afterRestartsAndCrashesOfTheTask(String grouping) throws Exception {
        startTask("record.grouping", grouping);
        for (int round = 0; round < 6; round++) {
            boolean crash = round % 2 == 1;
            driver.acknowledging(!crash);
            load.begin(master, 150);
            untilMore(700);
            driver.stop();
            if (crash) {
                driver.forgetUnacknowledged();
            }
            driver.start();
            load.end();
        }
        driver.drain(master);
        assertEquals(master);
        assertThat(model.generations()).isEqualTo(1);
        assertThat(model.repeated()).isPositive();
    }

    @Test
    void afterCutsOfTheNetworkAnywhere() throws Exception {
        startTask("record.grouping", "batch");
        Random random = new Random(7);
        for (int cut = 0; cut < 8; cut++) {
            long connections = network.connections();
            network.cutAfterBytesToClient(5_000 + random.nextInt(200_000));
            load.begin(master, 300);
            driver.until(() -> network.connections() > connections);
            network.pass();
            load.end();
        }
        driver.drain(master);
        assertEquals(master);
        assertThat(model.generations()).isEqualTo(1);
        assertThat(model.repeated()).as("the same task").isZero();
    }

    @Test
    void inTheMiddleOfATransactionLargerThanWhatIsHeldBack() throws Exception {
        startTask();
        try (RespClient client = master.connect()) {
            network.cutAfterBytesToClient(28_000_000);
            largeTransaction(client);
            driver.until(() -> driver.changes().stream().anyMatch(c -> c instanceof CommandChange));
            driver.until(() -> !driver.status().getPhase().equals("stream"));
            network.pass();
            driver.drain(master);
        }
        assertEquals(master);
        assertThat(model.generations()).isEqualTo(1);
        assertThat(model.repeated()).isZero();
    }

    /** 30 MB: of a smaller one, nothing is published before its end. */
    private static void largeTransaction(RespClient client) throws Exception {
        client.send("MULTI");
        for (int i = 0; i < 60; i++) {
            client.send("RPUSH", "block", Character.toString('A' + i).repeat(500_000));
        }
        client.send("EXEC");
        for (int i = 0; i < 62; i++) {
            client.receive();
        }
    }

    @Test
    void afterAFailoverToAReplicaThatHasEverything() throws Exception {
        try (LocalServer replica = LocalServer.of(ServerVersion.standard())
                .config("repl-diskless-sync-delay 0")
                .replicaOf(master)
                .start()) {
            // The replica's backlog begins where it joined.
            load.begin(master, 1);
            load.end();
            untilInSync(replica, master);
            startTask();
            load.begin(master, 300);
            untilMore(1500);
            load.end();
            untilInSync(replica, master);
            master.kill9();
            replica.command("REPLICAOF", "NO", "ONE");
            network.redirect(replica.port());
            driver.until(() -> driver.changes().stream()
                    .anyMatch(c -> c instanceof Mark mark && mark.meaning() == Mark.Meaning.HEARTBEAT));
            String history = driver.status().getReplicationId();
            assertThat(Position.fromMap(driver.storedOffset()).replicationId()).isEqualTo(history);
            // Between the new history and its first change.
            driver.stop();
            driver.start();
            load.begin(replica, 300);
            load.end();
            driver.drain(replica);
            assertEquals(replica);
            assertThat(model.generations()).isEqualTo(1);
            assertThat(model.repeated()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resync", "fail"})
    void afterAFailoverToAReplicaThatIsBehind(String policy) throws Exception {
        try (TcpProxy between = TcpProxy.to(master.port());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .config("repl-diskless-sync-delay 0")
                        .config("replicaof 127.0.0.1 " + between.port())
                        .start()) {
            load.begin(master, 1);
            load.end();
            untilInSync(replica, master);
            startTask("resync.policy", policy);
            between.stall();
            load.begin(master, 100);
            load.end();
            driver.drain(master);
            master.kill9();
            replica.command("REPLICAOF", "NO", "ONE");
            network.redirect(replica.port());
            if (policy.equals("fail")) {
                assertThatThrownBy(() -> driver.until(() -> false))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("without the last ")
                        .hasMessageContaining("resync.policy=fail forbids a full copy")
                        .hasMessageContaining("min-replicas-to-write");
                return;
            }
            untilCopied(2);
            load.begin(replica, 100);
            load.end();
            driver.drain(replica);
            assertEquals(replica);
            assertThat(model.generations()).isEqualTo(2);
        }
    }

    /** What it lacks changes nothing, although the connector has read it, and has published heartbeats beyond it. */
    @Test
    void afterAFailoverToAReplicaThatLacksNothingButPings() throws Exception {
        try (TcpProxy between = TcpProxy.to(master.port());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .config("repl-diskless-sync-delay 0")
                        .config("replicaof 127.0.0.1 " + between.port())
                        .start()) {
            load.begin(master, 1);
            load.end();
            untilInSync(replica, master);
            startTask("heartbeat.interval.ms", "100");
            load.begin(master, 50);
            load.end();
            driver.drain(master);
            untilInSync(replica, master);
            between.stall();
            master.command("CONFIG", "SET", "repl-ping-replica-period", "1");
            long before = replication(replica, "slave_repl_offset");
            driver.until(() -> Position.fromMap(driver.storedOffset()).offset() > before + 30);
            master.kill9();
            replica.command("REPLICAOF", "NO", "ONE");
            network.redirect(replica.port());
            load.begin(replica, 50);
            load.end();
            driver.drain(replica);
            assertEquals(replica);
            assertThat(model.generations()).isEqualTo(1);
            assertThat(model.repeated()).isZero();
            try (RespClient client = replica.connect()) {
                client.call("SET", "last", "1");
                driver.until(() -> {
                    try {
                        return client.call("WAIT", "1", "100").equals(1L);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    /** The replica that takes over never had the transaction of which a part is published. */
    @Test
    void afterAFailoverInTheMiddleOfATransactionLargerThanWhatIsHeldBack() throws Exception {
        try (TcpProxy between = TcpProxy.to(master.port());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .config("repl-diskless-sync-delay 0")
                        .config("replicaof 127.0.0.1 " + between.port())
                        .start()) {
            load.begin(master, 1);
            load.end();
            untilInSync(replica, master);
            startTask();
            driver.drain(master);
            untilInSync(replica, master);
            between.stall();
            network.cutAfterBytesToClient(28_000_000);
            try (RespClient client = master.connect()) {
                int before = driver.changes().size();
                largeTransaction(client);
                driver.until(() -> driver.changes().size() > before);
                driver.until(() -> !driver.status().getPhase().equals("stream"));
            }
            master.kill9();
            replica.command("REPLICAOF", "NO", "ONE");
            network.redirect(replica.port());
            network.pass();
            untilCopied(2);
            load.begin(replica, 50);
            load.end();
            driver.drain(replica);
            assertEquals(replica);
        }
    }

    /** What was known of the generation before must not be taken for a place in the new history. */
    @Test
    void inTheCopyOfASecondGeneration() throws Exception {
        load.begin(master, 500);
        load.end();
        startTask();
        driver.drain(master);
        driver.stop();
        master.command("DEBUG", "CHANGE-REPL-ID");
        load.begin(master, 50);
        load.end();
        network.slow(200_000);
        driver.start();
        driver.until(() -> driver.status().getGeneration() == 2
                && driver.status().getPhase().equals("snapshot"));
        network.cut();
        network.pass();
        untilCopied(3);
        load.begin(master, 50);
        load.end();
        driver.drain(master);
        assertEquals(master);
    }

    @Test
    void whatTheBacklogNoLongerHoldsIsNamedInBytes() throws Exception {
        master.command("CONFIG", "SET", "repl-backlog-size", "16384");
        startTask("resync.policy", "fail");
        driver.drain(master);
        long from = replication(master, "master_repl_offset");
        driver.stop();
        load.begin(master, 1500);
        load.end();
        driver.start();
        long missed = replication(master, "master_repl_offset") - from;
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("its backlog no longer holds the ")
                .hasMessageContaining("repl-backlog-size is 16384")
                .hasMessageMatching(
                        "(?s).*set repl-backlog-size at the source, and at its replicas, to [0-9]+mb or more.*");
        assertThat(missed).isGreaterThan(200_000);
        assertThat(driver.status().getPhase()).isEqualTo("failed");
    }

    @Test
    void afterTheSourceCrashedAndCameBackWithAnOlderSnapshot() throws Exception {
        load.begin(master, 50);
        load.end();
        master.command("SAVE");
        startTask();
        load.begin(master, 50);
        load.end();
        driver.drain(master);
        master.kill9();
        master.start();
        untilCopied(2);
        load.begin(master, 50);
        load.end();
        driver.drain(master);
        assertEquals(master);
        assertThat(model.generations()).isEqualTo(2);
    }
}
