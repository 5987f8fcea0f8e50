package io.millrace.it.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.it.cli.MillraceProcess;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

    /**
     * A run with logins that work, and then do not. The configs hold references and paths, as docs/deployment.md says: what is
     * posted in clear stands in clear in Connect's config topic.
     */
    @Test
    void noSecretIsWrittenAnywhere(SharedRuntime runtime) throws IOException {
        List<String> secrets =
                List.of("zq7SourceSecretPx", "zq7DestinationSecretPx", "zq7WrongSecretPx", "zq7LateSecretPx");
        Path byReference = Files.writeString(directory.resolve("source.properties"), "password=" + secrets.get(0));
        Path wrong = Files.writeString(directory.resolve("wrong.properties"), "password=" + secrets.get(2));
        Path byProvider = Files.writeString(directory.resolve("login.json"), login(secrets.get(1)));
        WorkerProcess worker = WORKERS.get(Release.KAFKA_3_9);
        StringBuilder answers = new StringBuilder();
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .password(secrets.get(0))
                        .start();
                LocalServer destination = LocalServer.of(ServerVersion.standard())
                        .user("millrace", secrets.get(1), "~* &* +@all")
                        .start();
                Pipeline pipeline = Pipeline.between(source, destination)
                        .with(settings(Converter.OURS))
                        .withSource("redis.password", "${file:" + byReference + ":password}")
                        .withSink("redis.user", "millrace")
                        .withSink("redis.credentials.provider", "file")
                        .withSink("redis.credentials.file.path", byProvider.toString())
                        .start(worker.rest())) {
            try (RespClient client = source.connect()) {
                new Populator(client, 8).everyType();
            }
            pipeline.awaitCaughtUp();
            for (String refused : new String[] {"source.RedisSourceConnector", "sink.RedisSinkConnector"}) {
                Map<String, String> config = new HashMap<>(settings(Converter.OURS));
                config.put("redis.password", "${file:" + wrong + ":password}");
                config.put("name", "refused");
                config.put("connector.class", "io.millrace." + refused);
                config.put("topic", "refused");
                config.put("topics", "refused");
                config.put("redis.hosts", "127.0.0.1:" + source.port());
                answers.append(worker.rest().validate(config.get("connector.class"), config));
            }
            answers.append(SecretSearch.commandLines());

            Files.writeString(byProvider, login(secrets.get(3)));
            destination.command("CLIENT", "KILL", "USER", "millrace");
            source.command("SET", "a write", "that the sink needs a connection for");
            awaitFailure(worker, pipeline.sinkConnector());
            try (RespClient client = source.connect()) {
                client.call("CONFIG", "SET", "requirepass", secrets.get(3));
                client.call("CLIENT", "KILL", "TYPE", "replica");
            }
            awaitFailure(worker, pipeline.sourceConnector());
            answers.append(worker.rest().everythingAbout(pipeline.sourceConnector()));
            answers.append(worker.rest().everythingAbout(pipeline.sinkConnector()));
        }
        assertThat(answers.toString()).contains("WRONGPASS").contains("refuses the password");
        for (String secret : secrets) {
            assertThat(answers).as("REST answers and command lines").doesNotContain(secret);
        }
        assertThat(SecretSearch.below(runtime.directory(), secrets)).isEmpty();
        assertThat(SecretSearch.below(worker.log().getParent(), secrets)).isEmpty();
    }

    /** Each adds up what its cloud's SDK does without the cloud: a token that is not the password, and a service that is away. */
    @ParameterizedTest
    @EnumSource(Release.class)
    void theProvidersOfCloudsWorkInTheirAddOns(Release release) {
        WorkerRest rest = WORKERS.get(release).rest();
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .user("millrace", "no token", "~* &* +@all")
                .start()) {
            for (String connector : new String[] {"source.RedisSourceConnector", "sink.RedisSinkConnector"}) {
                Map<String, String> config = new HashMap<>(settings(Converter.OURS));
                config.put("name", "clouds");
                config.put("connector.class", "io.millrace." + connector);
                config.put(connector.startsWith("source") ? "topic" : "topics", "clouds");
                config.put("redis.user", "millrace");

                Map<String, String> aws = new HashMap<>(config);
                aws.put("redis.hosts", LocalServer.HOST + ":" + server.port());
                provide(aws, "aws-iam", "cache.name=c;region=eu-central-1;access.key.id=a;secret.access.key=zq7AwsPx");
                assertThat(rest.validate(aws.get("connector.class"), aws).toString())
                        .contains("AWS IAM for the cache c", "WRONGPASS")
                        .doesNotContain("X-Amz-Signature");

                Map<String, String> entra = new HashMap<>(config);
                entra.put("redis.hosts", LocalServer.HOST + ":" + server.port());
                provide(
                        entra,
                        "entra-id",
                        "tenant.id=t;client.id=c;client.secret=zq7EntraPx;authority=https://127.0.0.1:1");
                assertThat(rest.validate(entra.get("connector.class"), entra).toString())
                        .contains("the application c");

                Map<String, String> alibaba = new HashMap<>(config);
                provide(
                        alibaba,
                        "alibaba-ram",
                        "instance.id=r-bp1;region=cn-hangzhou;access.key.id=a;access.key.secret=zq7AlibabaPx;"
                                + "redis.endpoint=http://127.0.0.1:1");
                assertThat(rest.validate(alibaba.get("connector.class"), alibaba)
                                .toString())
                        .contains("Tair of Alibaba Cloud does not answer");
            }
        }
        assertThat(SecretSearch.below(
                        WORKERS.get(release).log().getParent(), List.of("zq7AwsPx", "zq7EntraPx", "zq7AlibabaPx")))
                .isEmpty();
    }

    private static void provide(Map<String, String> config, String provider, String options) {
        config.put("redis.credentials.provider", provider);
        for (String option : options.split(";")) {
            String[] pair = option.split("=", 2);
            config.put("redis.credentials." + provider + "." + pair[0], pair[1]);
        }
    }

    private static String login(String password) {
        return "{\"user\":\"millrace\",\"password\":\"" + password + "\"}";
    }

    private static void awaitFailure(WorkerProcess worker, String connector) {
        await(connector + " has failed")
                .atMost(Duration.ofSeconds(120))
                .until(() -> worker.rest().failure(connector).isPresent());
    }

    /** The source connector is left as it is; what the sink has noted at the destination goes back with its offsets. */
    @Test
    void aDestinationThatWasEmptiedIsRebuiltThroughConnect(SharedRuntime runtime) throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.standard());
                LocalServer destination = LocalServer.start(ServerVersion.standard())) {
            try (RespClient client = source.connect()) {
                new Populator(client, 8).mixed(1_000);
            }
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .with(settings(Converter.JSON))
                    .start(WORKERS.get(Release.KAFKA_3_9).rest())) {
                pipeline.awaitCaughtUp();
                try (RespClient client = source.connect()) {
                    for (int i = 0; i < 500; i++) {
                        client.call("INCR", "rebuilt:counter");
                        client.call("RPUSH", "rebuilt:list", i);
                    }
                }
                pipeline.assertEqualKeyspaces();
                replay(3, runtime, pipeline, destination);
                replay(0, runtime, pipeline, destination, "--flush-target");
                pipeline.assertEqualKeyspaces();
                assertThat(destination.command("LLEN", "rebuilt:list")).isEqualTo(500L);
            }
        }
    }

    private static void replay(
            int exitCode, SharedRuntime runtime, Pipeline pipeline, LocalServer destination, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "replay",
                "--from-start",
                "--json",
                "--target",
                destination.uri(),
                "--connect-url",
                WORKERS.get(Release.KAFKA_3_9).rest().url().toString(),
                "--bootstrap-servers",
                runtime.bootstrapServers(),
                "--sink",
                pipeline.sinkConnector()));
        arguments.addAll(List.of(more));
        try (MillraceProcess running = MillraceProcess.start(arguments.toArray(new String[0]))) {
            assertThat(running.awaitExit()).as(running.toString()).isEqualTo(exitCode);
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
