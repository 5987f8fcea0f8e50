package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Mark;
import io.millrace.change.Position;
import io.millrace.change.SnapshotEntry;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy by SCAN: complete, resumed where it was, begun anew where a cursor means nothing, and then at rest. */
class ScanSourceTest {

    private static final int KEYS = 17_000;
    private static final int MORE_KEYS = 1_000;

    private final EventModel model = new EventModel();
    private LocalServer server;
    private TcpProxy network;
    private TaskDriver driver;

    @BeforeEach
    void startServer() throws IOException {
        server = LocalServer.of(ServerVersion.standard()).appendOnly().start();
        server.command("CONFIG", "SET", "appendfsync", "no");
        network = TcpProxy.to(server.port());
        try (RespClient client = server.connect()) {
            fill(client, 0, KEYS);
            fill(client, 2, MORE_KEYS);
            client.call("SELECT", "0");
            client.call("RPUSH", "list", "a", "b", "c");
        }
        driver = new TaskDriver(new HashMap<>(Map.of(
                "name", "scan",
                "redis.hosts", "127.0.0.1:" + network.port(),
                "capture.mode", "scan",
                "record.grouping", "batch",
                "topic", "t",
                "entry.format", "typed")));
    }

    private static void fill(RespClient client, int db, int keys) throws IOException {
        client.call("SELECT", Integer.toString(db));
        for (int i = 0; i < keys; i++) {
            client.send("SET", "key:" + i, "value " + i);
        }
        for (int i = 0; i < keys; i++) {
            client.receive();
        }
    }

    @AfterEach
    void stop() {
        driver.close();
        network.close();
        server.close();
    }

    private long entries() {
        return driver.changes().stream().filter(SnapshotEntry.class::isInstance).count();
    }

    private long marks(Mark.Meaning meaning) {
        return driver.changes().stream()
                .filter(c -> c instanceof Mark mark && mark.meaning() == meaning)
                .count();
    }

    private void untilComplete() throws InterruptedException {
        driver.until(() -> marks(Mark.Meaning.SNAPSHOT_END) > 0);
    }

    private void assertEquals() throws Exception {
        model.take(driver.changes());
        model.assertEquals(server);
    }

    @Test
    void goesOnAfterRestartsOfTheTaskAndIsThenAtRest() throws Exception {
        driver.start();
        for (int round = 1; round <= 2; round++) {
            long before = entries();
            driver.until(() -> entries() > before + 5_200);
            driver.stop();
            Position stored = Position.fromMap(driver.storedOffset());
            assertThat(stored.inSnapshot()).isTrue();
            assertThat(stored.offset()).as("a cursor").isPositive();
            driver.start();
        }
        untilComplete();
        assertEquals();
        assertThat(marks(Mark.Meaning.SNAPSHOT_BEGIN)).isEqualTo(1);
        assertThat(entries())
                .as("no round began at the beginning")
                .isBetween(KEYS + MORE_KEYS + 1L, KEYS + MORE_KEYS + 3 * 7_000L);

        driver.stop();
        Position stored = Position.fromMap(driver.storedOffset());
        assertThat(stored.inSnapshot()).isFalse();
        long size = driver.changes().size();
        server.command("SET", "later", "1");
        driver.start();
        driver.poll();
        driver.poll();
        assertThat(driver.changes()).hasSize((int) size);
        assertThat(driver.status().getPhase()).isEqualTo("complete");
    }

    @Test
    void goesOnWhenConnectionsBreak() throws Exception {
        network.cutAfterBytesToClient(100_000);
        driver.start();
        driver.until(() -> network.connections() > 3);
        network.pass();
        untilComplete();
        assertEquals();
        assertThat(marks(Mark.Meaning.SNAPSHOT_BEGIN)).isEqualTo(1);
    }

    /** A cursor belongs to the process that gave it: another has its keys in another order. */
    @Test
    void beginsAnewWhenTheServerWasRestarted() throws Exception {
        driver.start();
        driver.until(() -> entries() > 6_000);
        driver.stop();
        server.command("DEL", "key:1", "list");
        server.stop();
        server.start();
        driver.start();
        untilComplete();
        assertEquals();
        assertThat(marks(Mark.Meaning.SNAPSHOT_BEGIN)).isEqualTo(2);
        assertThat(Position.fromMap(driver.storedOffset()).generation()).isEqualTo(2);
    }

    @Test
    void doesNotBeginAnewWhereThatIsForbidden() throws Exception {
        driver.reconfigure("resync.policy", "fail");
        driver.start();
        driver.until(() -> entries() > 6_000);
        driver.stop();
        server.stop();
        server.start();
        driver.start();
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("its cursor means nothing")
                .hasMessageContaining("resync.policy=fail forbids a new copy");
        assertThat(driver.status().getPhase()).isEqualTo("failed");
    }

    @Test
    void saysWhichRightIsMissing() throws Exception {
        server.command("ACL", "SETUSER", "nobody", "on", ">pw", "~*", "+select", "+get");
        driver.reconfigure("redis.user", "nobody");
        driver.reconfigure("redis.password", "pw");
        driver.start();
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("(SCAN)")
                .hasMessageContaining("ACL SETUSER");
    }

    /** What was copied by a scan is no position to follow from. */
    @Test
    void isFollowedByACopyWhenReplicationIsPermittedLater() throws Exception {
        driver.start();
        untilComplete();
        driver.stop();
        driver.reconfigure("capture.mode", "replicate");
        driver.start();
        driver.until(() -> marks(Mark.Meaning.SNAPSHOT_END) == 2);
        assertEquals();
        assertThat(Position.fromMap(driver.storedOffset()).generation()).isEqualTo(2);
        driver.stop();
        driver.reconfigure("capture.mode", "scan");
        driver.start();
        driver.until(() -> marks(Mark.Meaning.SNAPSHOT_END) == 3);
        assertEquals();
        assertThat(Position.fromMap(driver.storedOffset()).generation()).isEqualTo(3);
    }
}
