package io.millrace.sink;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A standalone server, empty before each test, and a sink that writes to it. */
abstract class StandaloneDestination {

    static LocalServer server;
    static RespClient client;
    final Feed feed = new Feed(1);
    SinkDriver sink;

    @BeforeAll
    static void startServer() {
        server = LocalServer.start(ServerVersion.standard());
        client = server.connect();
    }

    @AfterAll
    static void stopServer() throws IOException {
        client.close();
        server.close();
    }

    @BeforeEach
    void empty() throws IOException {
        client.call("FLUSHALL");
        client.call("FUNCTION", "FLUSH");
        client.call("SELECT", 0);
    }

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
    }

    void start(String... more) {
        sink = new SinkDriver(SinkDriver.to(server, more), false);
    }

    static final String CHECKPOINT = "__millrace:checkpoint:millrace-sink:changes-0";

    /** How many keys the selected database has, without what Millrace keeps there for itself. */
    static long size(RespClient of) throws IOException {
        return (Long) of.call("DBSIZE") - ((List<?>) of.call("KEYS", "__millrace:checkpoint:*")).size();
    }

    String get(Object key) throws IOException {
        byte[] value = (byte[]) client.call("GET", key);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    List<String> list(Object key) throws IOException {
        List<?> values = (List<?>) client.call("LRANGE", key, 0, -1);
        return values.stream()
                .map(v -> new String((byte[]) v, StandardCharsets.UTF_8))
                .toList();
    }
}
