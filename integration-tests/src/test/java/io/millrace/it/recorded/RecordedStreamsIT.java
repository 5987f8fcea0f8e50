package io.millrace.it.recorded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RecordedMaster;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.verify.VerifyReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The RDB and the stream of a version of which no server can be had, through source and sink. What must come of them says a real
 * server that replicates the same bytes from the same master: it is newer, and so understands all that the older one sends.
 */
@ExtendWith(WithSharedRuntime.class)
class RecordedStreamsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    static List<Arguments> pairs() {
        return List.of(
                Arguments.of(Recording.REDIS_5_0, ServerVersion.REDIS_6_2, ServerVersion.REDIS_6_2),
                Arguments.of(Recording.REDIS_5_0, ServerVersion.REDIS_7_0, ServerVersion.REDIS_7_0),
                Arguments.of(Recording.REDIS_5_0, ServerVersion.REDIS_8_6, ServerVersion.VALKEY_9_1),
                Arguments.of(Recording.REDIS_7_2, ServerVersion.VALKEY_8_1, ServerVersion.VALKEY_8_1),
                Arguments.of(Recording.REDIS_7_2, ServerVersion.REDIS_8_0, ServerVersion.REDIS_6_2),
                Arguments.of(Recording.REDIS_7_2, ServerVersion.REDIS_8_0, ServerVersion.REDIS_6_0),
                Arguments.of(Recording.REDIS_7_4, ServerVersion.REDIS_8_0, ServerVersion.REDIS_8_0),
                Arguments.of(Recording.REDIS_7_4, ServerVersion.REDIS_8_6, ServerVersion.VALKEY_9_1));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void leavesWhatARealReplicaHas(
            Recording recording, ServerVersion witness, ServerVersion destinationVersion, SharedRuntime runtime)
            throws IOException {
        assumeTrue(witness.available().isPresent(), witness::unavailableMessage);
        assumeTrue(destinationVersion.available().isPresent(), destinationVersion::unavailableMessage);
        try (RecordedMaster master = new RecordedMaster(recording.version(), recording.rdb(), recording.stream());
                LocalServer replica = LocalServer.start(witness);
                LocalServer destination = LocalServer.start(destinationVersion)) {
            replica.command("REPLICAOF", LocalServer.HOST, master.port());
            awaitEnd(replica, () -> {});
            try (Pipeline pipeline = Pipeline.between(replica, destination)
                    .grouping("batch")
                    .withSource("redis.hosts", LocalServer.HOST + ":" + master.port())
                    // What only 7.0 and newer have, functions, is all that older destinations may lack.
                    .withSink("unsupported.values", destinationVersion.hasFunctions() ? "fail" : "skip")
                    // What 5.0 sends counts from now, and both sides have another now.
                    .toleratingExpiriesWithin(recording.equals(Recording.REDIS_5_0) ? PATIENCE : Duration.ZERO)
                    .start(runtime.rest())) {
                awaitEnd(destination, pipeline::failOnFailure);
                VerifyReport report = pipeline.compareAsTheyAre();
                assertThat(report.differences().stream()
                                .map(difference -> new String(difference.key(), StandardCharsets.UTF_8)))
                        .as("%s", String.join("\n", report.lines()))
                        .containsExactlyElementsOf(expected(recording, destinationVersion));
                assertThat(report.keysCompared()).isGreaterThan(60);
            }
        }
    }

    /** Before 7.0, a claim of an entry that was deleted stays, whatever a newer source says. */
    private static List<String> expected(Recording recording, ServerVersion destination) {
        return recording.equals(Recording.REDIS_5_0) || destination.hasFunctions() ? List.of() : List.of("cleared");
    }

    private static void awaitEnd(LocalServer server, Runnable check) throws IOException {
        try (RespClient client = server.connect()) {
            Awaitility.await(server.toString()).atMost(PATIENCE).until(() -> {
                check.run();
                return client.call("GET", "end") instanceof byte[] value
                        && Arrays.equals(value, "reached".getBytes(StandardCharsets.UTF_8));
            });
        }
    }
}
