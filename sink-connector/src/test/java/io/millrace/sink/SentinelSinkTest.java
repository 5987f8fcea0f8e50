package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalSentinels;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A destination behind real sentinels: every write ends up at whoever is master in the end, once. */
class SentinelSinkTest {

    private final Tally tally = new Tally(new Feed(1));
    private List<LocalServer> servers;
    private LocalSentinels sentinels;

    @BeforeEach
    void startServers() {
        LocalServer master = LocalServer.of(ServerVersion.standard())
                .password("servers")
                .config("masterauth servers")
                .start();
        servers = List.of(
                master,
                LocalServer.of(ServerVersion.standard())
                        .password("servers")
                        .replicaOf(master)
                        .start());
        sentinels = LocalSentinels.watching(master, 1, "sentinels");
    }

    @AfterEach
    void stop() {
        if (sentinels != null) {
            sentinels.close();
        }
        servers.forEach(LocalServer::close);
    }

    /** Servers and sentinels speak TLS alone, and ask for client certificates. */
    @Test
    void followsAFailoverOverTls(@TempDir Path directory) throws IOException {
        LocalCertificates files = LocalCertificates.writeTo(directory);
        stop();
        LocalServer first =
                LocalServer.of(ServerVersion.standard()).mutualTls(files).start();
        servers = List.of(
                first,
                LocalServer.of(ServerVersion.standard())
                        .mutualTls(files)
                        .replicaOf(first)
                        .start());
        sentinels = LocalSentinels.watching(first, 1, "", options -> options.mutualTls(files));
        Map<String, String> properties = new HashMap<>(Map.of(
                "redis.hosts",
                sentinels.hosts(),
                "redis.topology",
                "sentinel",
                "redis.sentinel.master",
                LocalSentinels.MASTER,
                "redis.tls",
                "true",
                "redis.tls.ca.file",
                files.authority().toString(),
                "redis.tls.certificate.file",
                files.clientCertificate().toString(),
                "redis.tls.key.file",
                files.clientKey().toString(),
                "batch.max.commands",
                "20"));
        try (SinkDriver sink = new SinkDriver(properties, false)) {
            sink.send(tally.more(300), 7);
            sink.awaitApplied();
            awaitReplica(first);
            sink.prepare(tally.more(300), 7);
            sink.pump();
            sentinels.failover();
            LocalServer second = master();
            sink.send(tally.more(300), 7);
            sink.awaitApplied();
            assertThat(second).isNotSameAs(first);
            check(sink, second, true);
        }
    }

    private LocalServer master() {
        return sentinels.masterOf(servers);
    }

    private SinkDriver sink(String delivery) {
        return new SinkDriver(
                new HashMap<>(Map.of(
                        "redis.hosts", sentinels.hosts(),
                        "redis.topology", "sentinel",
                        "redis.password", "servers",
                        "redis.sentinel.master", LocalSentinels.MASTER,
                        "redis.sentinel.password", "sentinels",
                        "delivery.semantics", delivery,
                        "batch.max.commands", "20")),
                false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"effectively-once", "at-least-once"})
    void followsFailovers(String delivery) throws IOException {
        boolean once = delivery.equals("effectively-once");
        try (SinkDriver sink = sink(delivery)) {
            LocalServer first = master();
            sink.send(tally.more(500), 7);
            sink.awaitApplied();
            awaitReplica(first);
            if (once) {
                // What the replica has not got when it takes over is to be applied to it again.
                sink.prepare(tally.more(1000), 7);
                sink.pump();
            }
            sentinels.failover();
            LocalServer second = master();
            sink.send(tally.more(300), 7);
            sink.awaitApplied();
            assertThat(second).isNotSameAs(first);
            check(sink, second, once);
            if (!once) {
                return;
            }
            awaitReplica(second);
            sink.prepare(tally.more(300), 7);
            sink.pump();
            second.kill9();
            sentinels.awaitMasterOtherThan(second.port());
            sink.send(tally.more(100), 7);
            sink.awaitApplied();
            check(sink, master(), true);
        }
    }

    /** What was applied may have been applied to the old master, and is applied again when that is noticed. */
    private void check(SinkDriver sink, LocalServer server, boolean once) throws IOException {
        if (!once) {
            // At least once makes no promise about what the old master had and the new one has not.
            assertThat((Long) server.command("DBSIZE")).isPositive();
            return;
        }
        try (RespClient client = server.connect()) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                sink.commit();
                tally.check(client);
            });
        }
    }

    /** Its replica is connected, and has everything. */
    private static void awaitReplica(LocalServer server) {
        try (RespClient client = server.connect()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> client.call("WAIT", 1, 1000).equals(1L));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
