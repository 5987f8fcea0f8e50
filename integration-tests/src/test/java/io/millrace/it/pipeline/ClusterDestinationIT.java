package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.workload.LoadWriter;
import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a standalone source into a cluster of three masters, under load. */
@ExtendWith(WithSharedRuntime.class)
class ClusterDestinationIT {

    private static final int KEYS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"single", "batch"})
    void keysGoToTheMastersOfTheirSlots(String grouping, SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalCluster destination = LocalCluster.start(ServerVersion.standard())) {
            try (RespClient client = source.connect()) {
                new Populator(client, 5).mixed(KEYS);
            }
            try (LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 1);
                    Pipeline pipeline = Pipeline.between(source, destination)
                            .grouping(grouping)
                            .start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                writer.close();
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(KEYS);
                for (LocalServer master : destination.masters()) {
                    assertThat((Long) master.command("DBSIZE")).isGreaterThan(KEYS / 6);
                }
            }
        }
    }

    @Test
    void aCommandThatCannotBeDividedStopsTheTaskByName(SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalCluster destination = LocalCluster.start(ServerVersion.standard());
                Pipeline pipeline = Pipeline.between(source, destination).start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            source.command("ZADD", "one", 1, "a");
            source.command("ZUNIONSTORE", "sum", 2, "one", "two");
            String failure = await().atMost(Duration.ofSeconds(60))
                    .until(() -> runtime.rest().failure(pipeline.sinkConnector()), Optional::isPresent)
                    .orElseThrow();
            assertThat(failure).contains("ZUNIONSTORE").contains("hash tag").contains("offset");
        }
    }

    @Test
    void whereErrorsAreToleratedOnlyThatCommandIsLeftOut(SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalCluster destination = LocalCluster.start(ServerVersion.standard());
                Pipeline pipeline = Pipeline.between(source, destination)
                        .withSink("errors.tolerance", "all")
                        .withSink("errors.log.enable", "true")
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            source.command("ZADD", "one", 1, "a");
            source.command("ZUNIONSTORE", "sum", 2, "one", "two");
            source.command("SET", "after", "it");
            pipeline.awaitCaughtUp();
            source.command("DEL", "sum");
            pipeline.assertEqualKeyspaces();
        }
    }
}
