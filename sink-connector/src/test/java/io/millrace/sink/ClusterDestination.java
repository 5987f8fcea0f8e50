package io.millrace.sink;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A cluster of three masters, empty before each test, and a sink that writes to it. */
abstract class ClusterDestination {

    static LocalCluster cluster;
    final Feed feed = new Feed(1);
    SinkDriver sink;

    @BeforeAll
    static void startCluster() {
        cluster = LocalCluster.start(ServerVersion.standard());
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void empty() {
        for (LocalServer master : cluster.masters()) {
            master.command("FLUSHALL");
            master.command("FUNCTION", "FLUSH");
        }
    }

    @AfterEach
    void close() {
        sink.close();
    }

    void start(String... more) {
        sink = new SinkDriver(SinkDriver.to(cluster, more), false);
    }

    /** Asks the node that has the slot now. */
    static Object ask(String command, String key, Object... more) {
        return ask(cluster, command, key, more);
    }

    static Object ask(LocalCluster cluster, String command, String key, Object... more) {
        for (LocalServer master : cluster.masters()) {
            List<Object> words = new ArrayList<>(List.of(command, key));
            words.addAll(List.of(more));
            try (RespClient client = master.connect()) {
                client.send(words.toArray());
                Object reply = client.receive();
                if (!(reply instanceof RespClient.ErrorReply)) {
                    return reply;
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("no node answers for " + key);
    }

    static String get(String key) {
        byte[] value = (byte[]) ask("GET", key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    static List<String> list(String key) {
        return ((List<?>) ask("LRANGE", key, 0, -1))
                .stream()
                        .map(v -> new String((byte[]) v, StandardCharsets.UTF_8))
                        .toList();
    }

    /** How many keys there are, those of the sink itself left out. */
    static long size() {
        long size = 0;
        for (LocalServer master : cluster.masters()) {
            for (Object key : (List<?>) master.command("KEYS", "*")) {
                size += new String((byte[]) key, StandardCharsets.UTF_8).startsWith("__millrace:") ? 0 : 1;
            }
        }
        return size;
    }
}
