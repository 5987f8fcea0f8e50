package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalSentinels;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A source behind real sentinels: every failover is followed, and where nothing was lost the generation stays. */
class SentinelSourceTest {

    private final EventModel model = new EventModel();
    private final BuildingLoad load = new BuildingLoad();
    private List<LocalServer> servers;
    private LocalSentinels sentinels;
    private TaskDriver driver;

    @BeforeEach
    void startServers() throws Exception {
        LocalServer master = server().start();
        servers = List.of(
                master,
                server().replicaOf(master).start(),
                server().replicaOf(master).start());
        // A replica's backlog begins where it joined.
        write(master, 1);
        untilInSync();
        sentinels = LocalSentinels.watching(master, 2);
    }

    private static LocalServerBuilder server() {
        return LocalServer.of(ServerVersion.standard())
                .config("repl-backlog-size 64mb")
                .config("repl-ping-replica-period 1");
    }

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
        if (sentinels != null) {
            sentinels.close();
        }
        servers.forEach(LocalServer::close);
    }

    private void startTask(String... more) throws Exception {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name", "behind-sentinels",
                "redis.hosts", sentinels.hosts(),
                "redis.topology", "sentinel",
                "redis.sentinel.master", LocalSentinels.MASTER,
                "topic", "t",
                "entry.format", "typed"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        driver = new TaskDriver(properties).start();
        driver.untilCopied();
    }

    private LocalServer master() {
        return sentinels.masterOf(servers);
    }

    private void write(LocalServer server, int rounds) throws Exception {
        load.begin(server, rounds);
        load.end();
    }

    private static String replication(LocalServer server, String field) {
        String info = new String((byte[]) server.command("INFO", "replication"), StandardCharsets.UTF_8);
        return info.lines()
                .filter(l -> l.startsWith(field + ":"))
                .map(l -> l.substring(field.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private Stream<LocalServer> running() {
        return servers.stream().filter(LocalServer::isRunning);
    }

    /** All that run are at one offset of one history. */
    private void untilInSync() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> running()
                                .map(server -> replication(server, "master_replid")
                                        + replication(server, "master_repl_offset"))
                                .distinct()
                                .count()
                        == 1);
    }

    private void assertEquals(LocalServer server) throws Exception {
        model.take(driver.changes());
        model.assertEquals(server);
    }

    /** Whether a replica is connected to it that is none of the servers: the task. */
    private boolean serves(LocalServer server) {
        if (!server.isRunning()) {
            return false;
        }
        long replicas = Long.parseLong(replication(server, "connected_slaves"));
        return replicas
                > running()
                        .filter(other -> replication(other, "master_port").equals(Integer.toString(server.port())))
                        .count();
    }

    @Test
    void followsFailoversWithoutANewGeneration() throws Exception {
        startTask();
        write(master(), 100);
        untilInSync();
        LocalServer first = master();
        sentinels.failover();
        // The old master lives on as a replica, and its link to this task may, too: the task must leave it.
        LocalServer second = master();
        assertThat(second.port()).isNotEqualTo(first.port());
        driver.until(() -> serves(second));
        write(second, 100);
        driver.drain(second);
        assertEquals(second);

        untilInSync();
        second.kill9();
        sentinels.awaitMasterOtherThan(second.port());
        write(master(), 100);
        driver.drain(master());
        assertEquals(master());
        assertThat(model.generations()).isEqualTo(1);
        assertThat(model.repeated()).isZero();
    }

    /** Replicas are behind when they take over, so that writes are lost there, and must be here. */
    @Test
    void isWhatTheNewMasterIsAfterFailoversUnderLoad() throws Exception {
        startTask();
        for (int round = 0; round < 2; round++) {
            LocalServer before = master();
            Thread writer = new Thread(() -> writeUntilRefused(before));
            writer.start();
            int size = driver.changes().size();
            driver.until(() -> driver.changes().size() > size + 500);
            if (round == 0) {
                sentinels.failover();
            } else {
                before.kill9();
                sentinels.awaitMasterOtherThan(before.port());
            }
            writer.join();
            write(master(), 50);
        }
        // A replica that was made master too late may give way to yet another.
        untilInSync();
        LocalServer last = master();
        driver.until(() -> serves(last));
        driver.drain(last);
        assertEquals(last);
    }

    private static void writeUntilRefused(LocalServer server) {
        try (RespClient client = server.connect()) {
            while (!(client.call("INCR", "counter") instanceof RespClient.ErrorReply)) {
                client.call("RPUSH", "list", "x");
            }
        } catch (IOException | RuntimeException e) {
            return; // it is master no more
        }
    }

    @Test
    void readsFromReplicasAndGoesFromOneToAnother() throws Exception {
        startTask("read.from", "prefer-replica");
        LocalServer first = master();
        write(first, 50);
        driver.drain(first);
        assertThat(serves(first)).as("the master is left alone").isFalse();
        LocalServer replica = servers.stream().filter(this::serves).findFirst().orElseThrow();
        untilInSync();
        replica.kill9();
        write(first, 50);
        driver.drain(first);
        assertEquals(first);
        assertThat(serves(first)).as("the other replica serves").isFalse();

        LocalServer other = servers.stream().filter(this::serves).findFirst().orElseThrow();
        untilInSync();
        other.kill9();
        write(first, 50);
        driver.drain(first);
        assertThat(serves(first)).as("there is no other").isTrue();

        replica.start();
        driver.until(() -> serves(replica));
        write(first, 50);
        driver.drain(first);
        assertEquals(first);
        assertThat(model.generations()).isEqualTo(1);
        assertThat(model.repeated()).isZero();
    }
}
