package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.it.workload.LoadWriter;
import io.millrace.it.workload.SampleGroup.Scope;
import io.millrace.it.workload.WorkloadRun;
import io.millrace.it.workload.WriteCommands;
import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Users with the documented rights, and passwords and certificates that are replaced under load. */
@ExtendWith(WithSharedRuntime.class)
class LoginsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    private Path directory;

    /** Also the commands that the page says may be left out: the sink applies what the source did. */
    @ParameterizedTest
    @EnumSource(names = {"REDIS_7_0", "REDIS_8_6", "VALKEY_9_1"})
    void theDocumentedUsersCanDoAllThatIsNeeded(ServerVersion version, SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(version);
                LocalServer destination = Servers.start(version);
                WorkloadRun run = new WorkloadRun(source, null)) {
            Pipeline.Options options = withDocumentedUsers(source, destination);
            try (RespClient client = source.connect()) {
                new Populator(client, 11).everyType();
            }
            try (Pipeline pipeline = options.start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                run.run(WriteCommands.catalogue().groups(Scope.ONE_SLOT, Scope.SCATTERED, Scope.DATABASES));
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(400);
            }
        }
    }

    /** A task that fails stays failed, so one that is running at the end was never restarted. */
    @Test
    void passwordsAreRotatedUnderLoadWithoutARestart(SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .config("repl-backlog-size 256mb")
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 5);
                Pipeline pipeline = withDocumentedUsers(source, destination).start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            for (LocalServer server : List.of(destination, source)) {
                server.command("ACL", "SETUSER", DocumentedUser.NAME, ">second");
                writePassword(server, "second");
                server.command("ACL", "SETUSER", DocumentedUser.NAME, "<first");
                reconnect(server);
                pipeline.awaitCaughtUp();
            }
            writer.close();
            pipeline.assertEqualKeyspaces();
            assertThat(info(source, "sync_full")).as("full copies").isEqualTo("1");
        }
    }

    @Test
    void certificatesAndTheAuthorityAreRotatedUnderLoadWithoutARestart(SharedRuntime runtime) throws IOException {
        LocalCertificates old = LocalCertificates.writeTo(Files.createDirectory(directory.resolve("old")));
        LocalCertificates next = LocalCertificates.writeTo(Files.createDirectory(directory.resolve("next")));
        Path ca = replace("used-ca.pem", Files.readAllBytes(old.authority()));
        Path certificate = replace("used.crt", Files.readAllBytes(old.clientCertificate()));
        Path key = replace("used.key", Files.readAllBytes(old.clientKey()));
        int sourcePort = freePort();
        int destinationPort = freePort();
        try (LocalServer source = mutualTls(sourcePort, "old").start();
                LocalServer destination = mutualTls(destinationPort, "old").start();
                LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 6);
                Pipeline pipeline = withDocumentedUsers(source, destination)
                        .with(Map.of(
                                "redis.tls", "true",
                                "redis.tls.ca.file", ca.toString(),
                                "redis.tls.certificate.file", certificate.toString(),
                                "redis.tls.key.file", key.toString()))
                        .withSource("redis.hosts", LocalServer.HOST + ":" + sourcePort)
                        .withSink("redis.hosts", LocalServer.HOST + ":" + destinationPort)
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();

            byte[] both = (Files.readString(old.authority()) + Files.readString(next.authority()))
                    .getBytes(StandardCharsets.US_ASCII);
            replace("used-ca.pem", both);
            Path bundle = replace("bundle.pem", both);
            for (LocalServer server : List.of(source, destination)) {
                server.command("CONFIG", "SET", "tls-ca-cert-file", bundle);
            }
            replace("used.crt", Files.readAllBytes(next.clientCertificate()));
            replace("used.key", Files.readAllBytes(next.clientKey()));
            for (LocalServer server : List.of(source, destination)) {
                server.command(
                        "CONFIG", "SET",
                        "tls-cert-file", directory.resolve("next/server.crt"),
                        "tls-key-file", directory.resolve("next/server.key"),
                        "tls-ca-cert-file", next.authority());
            }
            replace("used-ca.pem", Files.readAllBytes(next.authority()));

            reconnect(destination);
            reconnect(source);
            writer.close();
            pipeline.assertEqualKeyspaces();
            assertThat(info(source, "sync_full")).as("full copies").isEqualTo("1");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedAtBothEnds(SharedRuntime runtime) throws IOException {
        LocalCertificates certificates = LocalCertificates.writeTo(Files.createDirectory(directory.resolve("tls")));
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .tlsOfAnotherHost(certificates)
                .start()) {
            for (String connector : List.of("source.RedisSourceConnector", "sink.RedisSinkConnector")) {
                Map<String, String> config = new HashMap<>(Converters.oursWithoutRegistry());
                config.put("name", "refused");
                config.put("connector.class", "io.millrace." + connector);
                config.put(connector.startsWith("source") ? "topic" : "topics", "refused");
                config.put("redis.hosts", LocalServer.HOST + ":" + server.port());
                config.put("redis.tls", "true");
                config.put("redis.tls.ca.file", certificates.authority().toString());
                assertThat(errors(runtime, config))
                        .as(connector)
                        .containsOnlyKeys("redis.hosts", "redis.tls.verify.hostname");
                config.put("redis.tls.verify.hostname", "false");
                assertThat(errors(runtime, config)).as(connector).isEmpty();
            }
        }
    }

    @Test
    void bothEndsAreReachedThroughUnixSockets(SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.of(ServerVersion.standard())
                        .config("repl-backlog-size 256mb")
                        .start();
                LocalServer destination = LocalServer.start(ServerVersion.standard());
                LoadWriter writer = LoadWriter.start(source, LoadWriter.Kind.STATING, 7);
                Pipeline pipeline = Pipeline.between(source, destination)
                        .withSource("redis.hosts", "unix://" + source.unixSocket())
                        .withSink("redis.hosts", "unix://" + destination.unixSocket())
                        .start(runtime.rest())) {
            pipeline.awaitCaughtUp();
            writer.close();
            pipeline.assertEqualKeyspaces();
        }
    }

    private Pipeline.Options withDocumentedUsers(LocalServer source, LocalServer destination) throws IOException {
        DocumentedUser.OF_THE_SOURCE.createOn(source, "first");
        DocumentedUser.OF_THE_DESTINATION.createOn(destination, "first");
        return Pipeline.between(source, destination)
                .with(Map.of("redis.user", DocumentedUser.NAME, "redis.credentials.provider", "file"))
                .withSource(
                        "redis.credentials.file.password.path",
                        writePassword(source, "first").toString())
                .withSink(
                        "redis.credentials.file.password.path",
                        writePassword(destination, "first").toString());
    }

    private Path writePassword(LocalServer server, String password) throws IOException {
        return replace("password-" + server.port(), (password + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** In one step, as whoever rotates secrets does. */
    private Path replace(String name, byte[] content) throws IOException {
        Path fresh = Files.write(directory.resolve(name + ".new"), content);
        return Files.move(
                fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Cuts the user's connections, and waits until there are others, which have logged in anew. */
    private static void reconnect(LocalServer server) {
        assertThat((Long) server.command("CLIENT", "KILL", "USER", DocumentedUser.NAME))
                .as("connections that were open")
                .isPositive();
        await("a new connection of the user")
                .atMost(PATIENCE)
                .until(() -> text(server.command("CLIENT", "LIST")).contains("user=" + DocumentedUser.NAME + " "));
    }

    private LocalServerBuilder mutualTls(int port, String certificates) {
        Path files = directory.resolve(certificates);
        return LocalServer.of(ServerVersion.standard())
                // It holds what the writer writes during a break, so that the source continues.
                .config("repl-backlog-size 256mb")
                .config("tls-port " + port)
                .config("tls-cert-file " + files.resolve("server.crt"))
                .config("tls-key-file " + files.resolve("server.key"))
                .config("tls-ca-cert-file " + files.resolve("ca.crt"))
                .config("tls-auth-clients yes");
    }

    private static Map<String, String> errors(SharedRuntime runtime, Map<String, String> config) {
        Map<String, String> errors = new LinkedHashMap<>();
        for (JsonNode option :
                runtime.rest().validate(config.get("connector.class"), config).path("configs")) {
            for (JsonNode error : option.path("value").path("errors")) {
                errors.putIfAbsent(option.path("value").path("name").asText(), error.asText());
            }
        }
        return errors;
    }

    private static String info(LocalServer server, String field) {
        return text(server.command("INFO", "stats"))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
