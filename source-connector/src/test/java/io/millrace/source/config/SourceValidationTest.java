package io.millrace.source.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceValidationTest {

    private static LocalServer server;

    @BeforeAll
    static void startServer() {
        server = LocalServer.of(ServerVersion.standard())
                .withoutDefaultUser()
                .user("replica", "right", "-@all +psync +replconf +ping +info +command +select")
                .user("reader", "right", "~* +@read +ping +info +replconf +acl")
                .user("nothing", "right", "-@all +ping")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Map<String, List<String>> errors(int port, String... more) {
        Map<String, String> properties = new HashMap<>(Map.of("redis.hosts", "127.0.0.1:" + port, "topic", "t"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        Map<String, List<String>> errors = new HashMap<>();
        for (ConfigValue value : SourceValidation.validate(properties).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), new ArrayList<>(value.errorMessages()));
            }
        }
        return errors;
    }

    private static Map<String, List<String>> errorsOf(String user, String password) {
        return errors(server.port(), "redis.user", user, "redis.password", password);
    }

    @Test
    void findsNothingWrongWithTheDocumentedUser() {
        assertThat(errorsOf("replica", "right")).isEmpty();
    }

    @Test
    void namesTheLogin() {
        assertThat(errorsOf("replica", "wrong")).containsOnlyKeys("redis.user", "redis.password");
        assertThat(errors(server.port())).containsOnlyKeys("redis.password");
    }

    @Test
    void namesTheUserWithoutTheRightToReplicate() {
        for (String user : List.of("reader", "nothing")) {
            assertThat(errorsOf(user, "right"))
                    .containsOnlyKeys("redis.user")
                    .hasEntrySatisfying(
                            "redis.user",
                            e -> assertThat(e).singleElement().asString().contains("+psync +replconf"));
        }
    }

    @Test
    void namesTheHostThatCannotBeReached() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        assertThat(errors(unused)).containsOnlyKeys("redis.hosts");
    }

    @Test
    void doesNotWaitForAServerThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            long start = System.nanoTime();
            assertThat(errors(silent.getLocalPort())).containsOnlyKeys("redis.hosts");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        }
    }

    @Test
    void namesTheDirectoryThatTakesNoSpool(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path wrong : List.of(directory.resolve("missing"), file)) {
            assertThat(spool("spool.directory", wrong.toString()))
                    .containsOnlyKeys("spool.directory")
                    .hasEntrySatisfying(
                            "spool.directory",
                            e -> assertThat(e).singleElement().asString().contains(wrong.toString()));
        }
        assertThat(spool("spool.directory", directory.resolve("missing").toString(), "spool.max.bytes", "0"))
                .as("no files, no directory")
                .isEmpty();
        assertThat(spool("spool.directory", directory.toString(), "spool.max.bytes", "1000000"))
                .isEmpty();
        assertThat(directory).as("nothing is left of the trial").isDirectoryContaining("glob:**/file");
        assertThat(Files.list(directory)).hasSize(1);
    }

    @Test
    void namesTheSizeForWhichThereIsNoRoom() {
        assertThat(spool("spool.max.bytes", Long.toString(1L << 50)))
                .containsOnlyKeys("spool.directory", "spool.max.bytes");
    }

    private static Map<String, List<String>> spool(String... settings) {
        List<String> all = new ArrayList<>(List.of("redis.user", "replica", "redis.password", "right"));
        all.addAll(List.of(settings));
        return errors(server.port(), all.toArray(new String[0]));
    }

    @Test
    void refusesAClusterNodeAndABrokenReplica() {
        assertThat(errors(
                        server.port(), "redis.user", "replica", "redis.password", "right", "redis.topology", "cluster"))
                .hasEntrySatisfying(
                        "redis.topology",
                        e -> assertThat(e).singleElement().asString().contains("is no node of a cluster"));
        try (LocalServer node = LocalServer.of(ServerVersion.standard())
                .config("cluster-enabled yes")
                .start()) {
            assertThat(errors(node.port()))
                    .containsOnlyKeys("redis.topology")
                    .hasEntrySatisfying(
                            "redis.topology",
                            e -> assertThat(e).singleElement().asString().contains("set redis.topology=cluster"));
            assertThat(errors(node.port(), "redis.topology", "cluster")).isEmpty();
        }
        try (LocalServer orphan = LocalServer.of(ServerVersion.standard())
                .config("replicaof 127.0.0.1 1")
                .start()) {
            Assertions.assertThat(errors(orphan.port()).get("redis.hosts"))
                    .singleElement()
                    .asString()
                    .contains("link to its own master is down");
        }
    }
}
