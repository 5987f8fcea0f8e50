package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code validate} over REST says about settings that cannot work: the option at fault, and what to do. */
@ExtendWith(WithSharedRuntime.class)
class ConnectorValidationIT {

    private static final String SOURCE = "io.millrace.source.RedisSourceConnector";
    private static final String SINK = "io.millrace.sink.RedisSinkConnector";

    private static LocalServer server;

    @BeforeAll
    static void startServer() {
        server = LocalServer.of(ServerVersion.standard())
                .password("right")
                .user("reader", "reads", "~* &* +@all -psync -sync")
                .user("watcher", "sees", "~* &* +@read +ping +info +client +command +psync +replconf")
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void rightSettingsHaveNoErrors(SharedRuntime runtime) {
        assertThat(errors(runtime, SOURCE, Map.of())).isEmpty();
        assertThat(errors(runtime, SINK, Map.of())).isEmpty();
    }

    @Test
    void aPortWithoutAServerIsTheHostsFault(SharedRuntime runtime) throws IOException {
        String closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = LocalServer.HOST + ":" + socket.getLocalPort();
        }
        for (String connector : new String[] {SOURCE, SINK}) {
            Map<String, String> errors = errors(runtime, connector, Map.of("redis.hosts", closed));
            assertThat(errors).containsOnlyKeys("redis.hosts");
            assertThat(errors.get("redis.hosts")).contains(closed);
        }
    }

    @Test
    void anAddressThatIsNoneIsTheHostsFault(SharedRuntime runtime) {
        for (String connector : new String[] {SOURCE, SINK}) {
            assertThat(errors(runtime, connector, Map.of("redis.hosts", "127.0.0.1:notaport")))
                    .containsOnlyKeys("redis.hosts");
        }
    }

    @Test
    void aWrongPasswordIsThePasswordsFault(SharedRuntime runtime) {
        for (String connector : new String[] {SOURCE, SINK}) {
            Map<String, String> errors = errors(runtime, connector, Map.of("redis.password", "wrong secret"));
            assertThat(errors).containsKey("redis.password");
            assertThat(errors.keySet()).isSubsetOf(Set.of("redis.password", "redis.user"));
            assertThat(errors.values()).noneMatch(message -> message.contains("wrong secret"));
        }
    }

    @Test
    void aUserWhoMayNotReplicateIsTheUsersFault(SharedRuntime runtime) {
        assertThat(errors(runtime, SOURCE, Map.of("redis.user", "reader", "redis.password", "reads")))
                .containsKey("redis.user");
    }

    @Test
    void aStandaloneServerIsNoCluster(SharedRuntime runtime) {
        assertThat(errors(runtime, SINK, Map.of("redis.topology", "cluster"))).containsKey("redis.topology");
    }

    @Test
    void choicesAndNumbersAreChecked(SharedRuntime runtime) {
        assertThat(errors(runtime, SOURCE, Map.of("record.grouping", "heaps"))).containsOnlyKeys("record.grouping");
        assertThat(errors(runtime, SOURCE, Map.of("entry.format", "xml"))).containsOnlyKeys("entry.format");
        assertThat(errors(runtime, SOURCE, Map.of("topic", ""))).containsOnlyKeys("topic");
        assertThat(errors(runtime, SINK, Map.of("cross.slot", "hope"))).containsOnlyKeys("cross.slot");
    }

    /** The first error of each option that has one. */
    private static Map<String, String> errors(SharedRuntime runtime, String connector, Map<String, String> changed) {
        Map<String, String> config = new LinkedHashMap<>(Converters.oursWithoutRegistry());
        config.put("name", "validated");
        config.put("connector.class", connector);
        config.put("redis.hosts", LocalServer.HOST + ":" + server.port());
        config.put("redis.password", "right");
        config.put(connector.equals(SOURCE) ? "topic" : "topics", "validated");
        config.putAll(changed);
        Map<String, String> errors = new TreeMap<>();
        for (JsonNode option : runtime.rest().validate(connector, config).path("configs")) {
            for (JsonNode error : option.path("value").path("errors")) {
                errors.putIfAbsent(option.path("value").path("name").asText(), error.asText());
            }
        }
        return errors;
    }
}
