package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalSentinels;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose servers and sentinels speak TLS alone, and ask for client certificates. */
class SentinelTlsTest {

    @TempDir
    Path directory;

    private final EventModel model = new EventModel();
    private final BuildingLoad load = new BuildingLoad();
    private LocalCertificates files;
    private List<LocalServer> servers;
    private LocalSentinels sentinels;
    private TaskDriver driver;

    @BeforeEach
    void startServers() {
        files = LocalCertificates.writeTo(directory);
        LocalServer master = server().start();
        servers = List.of(master, server().replicaOf(master).start());
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> replication(servers.get(1)).contains("master_link_status:up"));
    }

    private LocalServerBuilder server() {
        return LocalServer.of(ServerVersion.standard()).mutualTls(files).config("repl-backlog-size 64mb");
    }

    private void watch(Consumer<LocalServerBuilder> tls) {
        sentinels = LocalSentinels.watching(servers.get(0), 1, "", tls);
    }

    @AfterEach
    void stop() {
        if (driver != null) {
            driver.close();
        }
        if (sentinels != null) {
            sentinels.close();
        }
        servers.forEach(LocalServer::close);
    }

    private static String replication(LocalServer server) {
        return new String((byte[]) server.command("INFO", "replication"), StandardCharsets.UTF_8);
    }

    private TaskDriver driver(String... more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "name",
                "tls-sentinels",
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
                "topic",
                "t",
                "entry.format",
                "typed"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        driver = new TaskDriver(properties);
        return driver;
    }

    private LocalServer master() {
        return sentinels.masterOf(servers);
    }

    private void write(LocalServer server) throws Exception {
        load.begin(server, 50);
        load.end();
        driver.drain(server);
    }

    @Test
    void failoversAreFollowed() throws Exception {
        watch(options -> options.mutualTls(files));
        driver().start();
        driver.untilCopied();
        LocalServer first = master();
        write(first);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> replication(first).contains("state=online"));
        sentinels.failover();
        LocalServer second = master();
        assertThat(second).isNotSameAs(first);
        write(second);
        model.take(driver.changes());
        model.assertEquals(second);
        assertThat(model.generations()).isEqualTo(1);
    }

    @Test
    void sentinelsOfAnotherAuthorityAreRefused() {
        watch(options -> options.mutualTls(files));
        assertFails(
                "redis.tls.ca.file",
                "redis.tls.ca.file",
                files.strangeAuthority().toString());
    }

    @Test
    void sentinelsOfAnotherHostAreRefusedUnlessThatIsAllowed() throws Exception {
        watch(options -> options.mutualTls(files).tlsOfAnotherHost(files));
        assertFails("another host");
        driver("redis.tls.verify.hostname", "false").start();
        driver.untilCopied();
    }

    @Test
    void aClientOfAnotherAuthorityIsRefused() {
        watch(options -> options.mutualTls(files));
        assertFails(
                "certificate",
                "redis.tls.certificate.file",
                files.strangeClientCertificate().toString(),
                "redis.tls.key.file",
                files.strangeClientKey().toString());
    }

    private void assertFails(String sentence, String... more) {
        driver(more).start();
        assertThatThrownBy(() -> driver.until(() -> false))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(sentence);
        assertThat(driver.changes()).isEmpty();
        driver.stop();
    }
}
