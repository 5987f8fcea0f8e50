package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.workload.LoadWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a break in the middle of the load leaves behind: nothing. */
@ExtendWith(WithSharedRuntime.class)
class RestartIT {

    private static final int ROUNDS = 3;
    private static final int BURST = 5_000;

    private LocalServer source;
    private LocalServer destination;

    @BeforeEach
    void startServers() throws IOException {
        // The backlog holds what the writer writes during a break, so that the source continues.
        source = LocalServer.of(ServerVersion.standard())
                .config("repl-backlog-size 512mb")
                .start();
        destination = LocalServer.start(ServerVersion.standard());
        try (RespClient client = source.connect()) {
            new Populator(client, 4).mixed(2_000);
        }
    }

    @AfterEach
    void stopServers() {
        source.close();
        destination.close();
    }

    @Test
    void theSinkGoesOnWhereItStopped(SharedRuntime runtime) throws IOException {
        try (Pipeline pipeline =
                Pipeline.between(source, destination).grouping("single").start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 1)) {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitMore(writer, BURST);
                    runtime.rest().restart(pipeline.sinkConnector());
                    runtime.rest().awaitState(pipeline.sinkConnector(), "RUNNING");
                }
            }
            pipeline.assertEqualKeyspaces();
        }
    }

    @Test
    void theSourceContinuesFromTheStoredPosition(SharedRuntime runtime) throws IOException {
        try (Pipeline pipeline =
                Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            long fullSyncs = info("sync_full");
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 2)) {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitMore(writer, BURST);
                    long links = info("sync_full") + info("sync_partial_ok");
                    runtime.rest().restart(pipeline.sourceConnector());
                    // Connect answers before it restarts, and shows the state of before until then.
                    await("the restarted source's link")
                            .atMost(Duration.ofSeconds(120))
                            .until(() -> info("sync_full") + info("sync_partial_ok") > links);
                    runtime.rest().awaitState(pipeline.sourceConnector(), "RUNNING");
                }
            }
            pipeline.assertEqualKeyspaces();
            assertThat(info("sync_full")).as("full synchronisations").isEqualTo(fullSyncs);
            assertThat(info("sync_partial_ok")).isGreaterThanOrEqualTo(ROUNDS);
        }
    }

    @Test
    void aBrokenLinkLosesAndDoublesNothing(SharedRuntime runtime) throws IOException {
        try (Pipeline pipeline =
                Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.BUILDING, 3)) {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitMore(writer, BURST);
                    await().atMost(Duration.ofSeconds(60))
                            .until(
                                    () -> (Long) source.command("CLIENT", "KILL", "TYPE", "replica"),
                                    killed -> killed > 0);
                }
                awaitMore(writer, BURST);
            }
            pipeline.assertEqualKeyspaces();
            assertThat(info("sync_partial_ok")).isGreaterThanOrEqualTo(ROUNDS);
        }
    }

    @Test
    void theSinkWaitsForADestinationThatRestarts(SharedRuntime runtime) throws IOException {
        try (Pipeline pipeline =
                Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 4)) {
                awaitMore(writer, BURST);
                destination.restart();
                awaitMore(writer, BURST);
            }
            pipeline.assertEqualKeyspaces();
        }
    }

    private static void awaitMore(LoadWriter writer, long commands) {
        long from = writer.written();
        await().atMost(Duration.ofSeconds(60)).until(() -> writer.written() >= from + commands);
    }

    private long info(String field) {
        String info = new String((byte[]) source.command("INFO", "stats"), java.nio.charset.StandardCharsets.UTF_8);
        return info.lines()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(field.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
