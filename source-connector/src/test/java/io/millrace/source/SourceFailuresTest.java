package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.util.HashMap;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** What a task does when its source refuses, is away, or goes away. */
class SourceFailuresTest {

    private static Map<String, String> properties(int port, String... more) {
        Map<String, String> properties =
                new HashMap<>(Map.of("name", "failing", "redis.hosts", "127.0.0.1:" + port, "topic", "t"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static boolean has(TaskDriver driver, String value) {
        return driver.changes().stream()
                .anyMatch(c -> c instanceof CommandChange command
                        && new String(command.command().args()[1], java.nio.charset.StandardCharsets.UTF_8)
                                .equals(value));
    }

    @Test
    void failsAtOnceWithoutLoginOrRights() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .withoutDefaultUser()
                .user("reader", "secret-9", "~* +@read +ping +info +replconf")
                .start()) {
            for (String password : new String[] {"wrong-7", "secret-9"}) {
                try (TaskDriver driver =
                        new TaskDriver(properties(server.port(), "redis.user", "reader", "redis.password", password))) {
                    driver.start();
                    assertThatThrownBy(() -> driver.until(() -> false))
                            .isInstanceOf(ConnectException.class)
                            .hasMessageContaining(password.equals("wrong-7") ? "password of user reader" : "+psync")
                            .hasMessageNotContaining(password);
                    assertThat(driver.status().getPhase()).isEqualTo("failed");
                }
            }
        }
    }

    @Test
    void waitsForASourceThatIsAway() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            server.stop();
            try (TaskDriver driver = new TaskDriver(properties(server.port()))) {
                driver.start().until(() -> driver.status().getPhase().equals("reconnecting"));
                assertThat(driver.status().getLastError()).contains("127.0.0.1:" + server.port());
                server.start();
                driver.untilCopied();
            }
        }
    }

    @Test
    void givesUpWhenTheWindowIsOver() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            server.stop();
            try (TaskDriver driver = new TaskDriver(properties(server.port(), "retry.connection.ms", "300"))) {
                driver.start();
                assertThatThrownBy(() -> driver.until(() -> false))
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("retry.connection.ms");
            }
        }
    }

    @Test
    void continuesWithASourceThatWasRestarted() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                TaskDriver driver = new TaskDriver(properties(server.port()))) {
            driver.start().untilCopied();
            server.command("SET", "a", "before");
            driver.until(() -> has(driver, "before"));
            server.restart();
            server.command("SET", "a", "after");
            driver.until(() -> has(driver, "after"));
            assertThat(driver.changes())
                    .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
        }
    }

    @Test
    void followsAFailoverToAReplica() throws Exception {
        try (LocalServer master = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(master)
                        .start()) {
            // The backlog of the replica begins where it joined: it must be there before what is to be continued.
            master.command("SET", "a", "seed");
            assertThat(master.command("WAIT", "1", "20000")).isEqualTo(1L);
            TaskDriver driver = new TaskDriver(properties(master.port()));
            // One connection: WAIT is about the writes of its own.
            try (driver;
                    RespClient client = master.connect()) {
                driver.start().untilCopied();
                client.call("SET", "a", "before");
                driver.until(() -> has(driver, "before"));
                assertThat(client.call("WAIT", "2", "20000")).isEqualTo(2L);
                driver.stop();
                master.kill9();
                replica.command("REPLICAOF", "NO", "ONE");
                replica.command("SET", "a", "after");
                driver.reconfigure("redis.hosts", "127.0.0.1:" + replica.port());
                driver.start().until(() -> has(driver, "after"));
                assertThat(driver.changes())
                        .allSatisfy(c -> assertThat(c.origin().generation()).isEqualTo(1));
                assertThat(driver.changes().stream()
                                .map(c -> c.origin().replicationId())
                                .distinct())
                        .hasSize(2);
            }
        }
    }

    @Test
    void publishesACommandThatNobodyKnows() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .config("rename-command SET PUT")
                        .start();
                TaskDriver driver = new TaskDriver(properties(server.port()))) {
            driver.start().untilCopied();
            server.command("put", "a", "kept");
            driver.until(() -> has(driver, "kept"));
            CommandChange change =
                    (CommandChange) driver.changes().get(driver.changes().size() - 1);
            assertThat(change.command().name()).isEqualTo("PUT");
        }
    }

    @Test
    void closesWhatItOpenedWhenItCannotStart() {
        TaskDriver driver = new TaskDriver(properties(1, "entry.format", "xml"));
        assertThatThrownBy(driver::start).isInstanceOf(ConfigException.class).hasMessageContaining("entry.format");
        driver.close();
        TaskDriver bad = new TaskDriver(properties(1)).storing(Map.of("generation", 1L));
        assertThatThrownBy(bad::start)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("'replicationId'")
                .hasMessageContaining("Delete the connector's offsets");
        bad.close();
    }

    @Test
    void showsItselfThroughJmxWhileItRuns() throws Exception {
        ObjectName name = new ObjectName("io.millrace:type=source,connector=failing,shard=0");
        var beans = java.lang.management.ManagementFactory.getPlatformMBeanServer();
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                TaskDriver driver = new TaskDriver(properties(server.port()))) {
            server.command("SET", "a", "1");
            driver.start()
                    .until(() -> driver.has(Mark.Meaning.SNAPSHOT_END)
                            && driver.status().getPhase().equals("stream"));
            assertThat(beans.getAttribute(name, "Phase")).isEqualTo("stream");
            assertThat(beans.getAttribute(name, "Generation")).isEqualTo(1);
            assertThat(beans.getAttribute(name, "SnapshotKeysRead")).isEqualTo(1L);
            assertThat((Long) beans.getAttribute(name, "SnapshotBytesRead")).isPositive();
            driver.stop();
            assertThat(beans.isRegistered(name)).isFalse();
        }
    }
}
