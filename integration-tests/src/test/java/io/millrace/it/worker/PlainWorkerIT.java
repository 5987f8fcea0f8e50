package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.pipeline.Converters;
import io.millrace.it.pipeline.Pipeline;
import io.millrace.it.pipeline.SharedRuntime;
import io.millrace.it.pipeline.WithSharedRuntime;
import io.millrace.it.registry.LocalRegistry;
import io.millrace.it.worker.WorkerProcess.Release;
import io.millrace.it.workload.LoadWriter;
import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.it.workload.WorkloadRun;
import io.millrace.it.workload.WriteCommands;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plugin zips in the {@code plugin.path} of unmodified Connect workers, with every converter that we name. */
@ExtendWith(WithSharedRuntime.class)
class PlainWorkerIT {

    enum Converter {
        CONFLUENT,
        OURS_WITH_REGISTRY,
        OURS,
        JSON
    }

    private static final Map<Release, WorkerProcess> WORKERS = new EnumMap<>(Release.class);

    @TempDir
    static Path directory;

    private static LocalRegistry registry;

    @BeforeAll
    static void startWorkers(SharedRuntime runtime) {
        PluginPath.in(directory.resolve("plugins"));
        for (Release release : Release.values()) {
            launch(release, runtime);
        }
        registry = LocalRegistry.start();
        WORKERS.values().forEach(WorkerProcess::awaitReady);
    }

    @AfterAll
    static void stopWorkers() {
        WORKERS.values().forEach(WorkerProcess::close);
        if (registry != null) {
            registry.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_4_3,CONFLUENT,single", "KAFKA_4_3,OURS_WITH_REGISTRY,batch", "KAFKA_4_3,OURS,single",
                "KAFKA_4_3,JSON,batch",
        "KAFKA_3_9,CONFLUENT,batch", "KAFKA_3_9,OURS_WITH_REGISTRY,single", "KAFKA_3_9,OURS,batch",
                "KAFKA_3_9,JSON,single"
    })
    void runsTheWholePipeline(Release release, Converter converter, String grouping) throws IOException {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                WorkloadRun run = new WorkloadRun(source, null)) {
            try (RespClient client = source.connect()) {
                new Populator(client, 7).everyType();
            }
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .with(settings(converter))
                    .grouping(grouping)
                    .start(WORKERS.get(release).rest())) {
                pipeline.awaitCaughtUp();
                run.run(WriteCommands.catalogue().groups(Scope.ONE_SLOT));
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(400);
            }
        }
    }

    /** Applied at least once: what states a value is the same after a second application. */
    @Test
    void goesOnAfterTheWorkerIsKilled(SharedRuntime runtime) throws IOException {
        Release release = Release.KAFKA_4_3;
        // The backlog holds what the writer writes while no worker runs, so that the source continues.
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .config("repl-backlog-size 512mb")
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 1);
                Pipeline pipeline = Pipeline.between(source, destination)
                        .with(settings(Converter.OURS))
                        .withSink("consumer.override.session.timeout.ms", "6000")
                        .start(WORKERS.get(release).rest())) {
            pipeline.awaitCaughtUp();
            // Before Connect has stored an offset of the stream, a kill means a new copy, and its ghosts.
            WorkerRest first = WORKERS.get(release).rest();
            await("a stored offset of the stream")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> "stream"
                            .equals(first.offsets(pipeline.sourceConnector())
                                    .path(0)
                                    .path("offset")
                                    .path("phase")
                                    .asText()));
            WORKERS.remove(release).close();
            long written = writer.written();
            launch(release, runtime);
            WorkerRest rest = WORKERS.get(release).awaitReady().rest();
            pipeline.moveTo(rest);
            rest.awaitState(pipeline.sourceConnector(), "RUNNING");
            assertThat(writer.written()).isGreaterThan(written);
            writer.close();
            pipeline.assertEqualKeyspaces();
        }
    }

    private static void launch(Release release, SharedRuntime runtime) {
        Path plugins = directory.resolve("plugins");
        Path own = directory.resolve(release.name());
        WORKERS.put(release, WorkerProcess.launch(release, runtime.bootstrapServers(), plugins, own));
    }

    private static Map<String, String> settings(Converter converter) {
        return switch (converter) {
            case CONFLUENT -> Converters.confluent(registry.url());
            case OURS_WITH_REGISTRY -> Converters.oursWithRegistry(registry.url());
            case OURS -> Converters.oursWithoutRegistry();
            case JSON -> Converters.json();
        };
    }
}
