package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import io.millrace.verify.KeyspaceComparison;
import io.millrace.verify.VerifyOptions;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A source that gives no replication, behind a proxy: every type arrives by SCAN, with DUMP and without. */
@ExtendWith(WithSharedRuntime.class)
class ScanIT {

    private static final String COMMAND = "ACL SETUSER millrace-scan ";
    private static final int LARGER_THAN_IS_DUMPED = 33 << 20;

    static Stream<Arguments> servers() {
        return Stream.of(Arguments.of(Servers.newest(), true), Arguments.of(Servers.newest(), false));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyTypeArrives(ServerVersion version, boolean dump, SharedRuntime runtime) throws Exception {
        try (LocalServer source = Servers.start(version);
                LocalServer destination = Servers.start(version);
                TcpProxy proxy = TcpProxy.to(source.port())) {
            createUser(source, dump);
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, 1);
                populator.everyType();
                populator.bigString("large:string", LARGER_THAN_IS_DUMPED);
                populator.bigHash("large:hash", 40_000);
            }
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .grouping("batch")
                    .withSource("redis.hosts", "127.0.0.1:" + proxy.port())
                    .withSource("redis.user", "millrace-scan")
                    .withSource("redis.password", "secret")
                    .withSource("capture.mode", "scan")
                    .start(runtime.rest())) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> {
                            pipeline.failOnFailure();
                            return keys(destination) >= keys(source);
                        });
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    VerifyReport report = compare(source, destination);
                    assertThat(report.isEqual())
                            .as("%s", String.join("\n", report.lines()))
                            .isTrue();
                    assertThat(report.keysCompared()).isGreaterThan(500);
                });
            }
        }
    }

    private static VerifyReport compare(LocalServer source, LocalServer destination) throws InterruptedException {
        // Ages and times to live pass through the clocks of two machines where there is no DUMP, or no PEXPIRETIME.
        return new KeyspaceComparison(
                        RedisEndpoint.standalone(Destination.address(source)),
                        RedisEndpoint.standalone(Destination.address(destination)),
                        VerifyOptions.defaults().withExpiryTolerance(Duration.ofSeconds(1)))
                .run();
    }

    /** All but those of a sink. */
    private static long keys(LocalServer server) throws IOException {
        long keys = 0;
        try (RespClient client = server.connect()) {
            for (int db = 0; db < 16; db++) {
                client.call("SELECT", Integer.toString(db));
                keys += (Long) client.call("DBSIZE");
            }
        }
        return keys;
    }

    /** As the page says, without what the version does not know. */
    private static void createUser(LocalServer server, boolean dump) throws IOException {
        String line = Files.readAllLines(Path.of("..", "docs", "setting-up-redis.md")).stream()
                .filter(one -> one.startsWith(COMMAND))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>(Arrays.asList(line.split(" ")));
        if (!dump) {
            words.remove("+dump");
        }
        if (!server.version().isRedisAtLeast(7, 4)) {
            words.remove("+hpexpiretime");
        }
        if (!server.version().isRedisAtLeast(7, 0)) {
            words.removeAll(List.of("+pexpiretime", "+function|list"));
        }
        assertThat(server.command(words.toArray())).isEqualTo("OK");
    }
}
