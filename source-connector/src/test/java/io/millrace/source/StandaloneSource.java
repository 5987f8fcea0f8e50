package io.millrace.source;

import io.millrace.change.Change;
import io.millrace.change.CommandChange;
import io.millrace.change.Mark;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A task that reads a server of its class, which is empty before each test. */
abstract class StandaloneSource {
    static LocalServer server;
    RespClient client;
    TaskDriver driver;

    @BeforeAll
    static void startServer() {
        server = LocalServer.of(ServerVersion.standard())
                .config("repl-backlog-size 16mb")
                .config("repl-ping-replica-period 1")
                .config("enable-debug-command local")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = server.connect();
        client.call("FLUSHALL");
        client.call("CONFIG", "RESETSTAT");
    }

    @AfterEach
    void close() throws Exception {
        if (driver != null) {
            driver.close();
        }
        client.close();
    }

    private static Map<String, String> properties(String... more) {
        Map<String, String> properties =
                new HashMap<>(Map.of("name", "test", "redis.hosts", "127.0.0.1:" + server.port(), "topic", "changes"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    TaskDriver start(String... more) {
        driver = new TaskDriver(properties(more)).start();
        return driver;
    }

    static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static boolean isMark(Change change, Mark.Meaning meaning) {
        return change instanceof Mark mark && mark.meaning() == meaning;
    }

    boolean has(Mark.Meaning meaning) {
        return driver.changes().stream().anyMatch(c -> isMark(c, meaning));
    }

    boolean sawKey(String key) {
        return driver.changes().stream().anyMatch(c -> c instanceof CommandChange && key.equals(text(c.key())));
    }

    Stream<CommandChange> commands() {
        return driver.changes().stream().filter(c -> c instanceof CommandChange).map(c -> (CommandChange) c);
    }

    List<String> commandTexts() {
        return commands()
                .map(c -> c.db() + " " + c.command().name() + " "
                        + String.join(
                                " ",
                                Stream.of(c.command().args())
                                        .map(StandaloneSource::text)
                                        .toList()))
                .toList();
    }

    long stat(String field) throws Exception {
        String info = text((byte[]) client.call("INFO", "stats"));
        return info.lines()
                .filter(l -> l.startsWith(field + ":"))
                .mapToLong(l -> Long.parseLong(l.substring(field.length() + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    long masterOffset() throws Exception {
        return text((byte[]) client.call("INFO", "replication"))
                .lines()
                .filter(l -> l.startsWith("master_repl_offset:"))
                .mapToLong(l -> Long.parseLong(
                        l.substring("master_repl_offset:".length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** Keys k0, k1, … with the value 0. */
    void fill(int keys) throws Exception {
        for (int i = 0; i < keys; i++) {
            client.send("SET", "k" + i, "0");
        }
        for (int i = 0; i < keys; i++) {
            client.receive();
        }
    }
}
