package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.endpoint.SocketOpener;
import io.millrace.endpoint.TlsSettings;
import io.millrace.redis.local.LocalCertificates;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class LinkTlsTest {

    @TempDir
    private Path directory;

    @Test
    void aLinkOverTlsReadsAcknowledgesAndCloses() throws Exception {
        LocalCertificates files = LocalCertificates.writeTo(directory);
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .mutualTls(files)
                        .start();
                RespClient client = server.connect()) {
            client.call("SET", "a", "1");
            TlsSettings tls = TlsSettings.on()
                    .withCa(files.authority())
                    .withClientCertificate(files.clientCertificate(), files.clientKey());
            ReplicaLink link = connect(server, tls);
            link.sync(null, -1);
            try (InputStream snapshot = link.snapshot()) {
                assertThat(snapshot.readAllBytes()).startsWith("REDIS".getBytes(StandardCharsets.US_ASCII));
            }
            RespReader commands = link.commands();
            client.call("SET", "b", "2");
            String name;
            do {
                name = new String(commands.next()[0], StandardCharsets.US_ASCII);
            } while (!name.equals("SET"));
            CompletableFuture<byte[][]> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    byte[][] argv;
                    do {
                        argv = commands.next();
                    } while (argv != null);
                    return null;
                } catch (LinkException e) {
                    throw new CompletionException(e);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            link.close();
            assertThatThrownBy(waiting::join).hasCauseInstanceOf(LinkException.Lost.class);
        }
    }

    @Test
    void whatDoesNotAgreeOnTlsIsRefusedAndNotRetried() throws Exception {
        LocalCertificates files = LocalCertificates.writeTo(directory);
        TlsSettings trusting = TlsSettings.on().withCa(files.authority());
        try (LocalServer server =
                LocalServer.of(ServerVersion.standard()).mutualTls(files).start()) {
            // The server may have closed the connection before its alert is read.
            assertThatThrownBy(() -> connect(server, trusting))
                    .isInstanceOfAny(LinkException.TlsRefused.class, LinkException.Lost.class);
            assertRefused(server, TlsSettings.on().withCa(files.strangeAuthority()), "redis.tls.ca.file");
        }
        try (LocalServer server =
                LocalServer.of(ServerVersion.standard()).tlsOfAnotherHost(files).start()) {
            assertRefused(server, trusting, "one of another host");
        }
        try (LocalServer plain = LocalServer.start(ServerVersion.standard())) {
            assertThatThrownBy(() -> connect(plain, trusting)).isInstanceOf(LinkException.class);
        }
    }

    private static void assertRefused(LocalServer server, TlsSettings tls, String sentence) {
        assertThatThrownBy(() -> connect(server, tls))
                .isInstanceOf(LinkException.TlsRefused.class)
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(((LinkException) e).retriable()).isFalse());
    }

    private static ReplicaLink connect(LocalServer server, TlsSettings tls) throws LinkException {
        Address address = new Address(LocalServer.HOST, server.port());
        SocketOpener opener = new SocketOpener(RedisEndpoint.standalone(address)
                .withTls(tls)
                .withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(60)));
        return ReplicaLink.connect(() -> opener.open(address), address.toString(), LinkSettings.DEFAULT, () -> 0);
    }
}
