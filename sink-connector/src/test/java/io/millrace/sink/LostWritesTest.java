package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Destinations that die, forget what they had acknowledged, or answer too late: nothing is lost or doubled. */
class LostWritesTest {

    private final Tally tally = new Tally(new Feed(1));

    private static Map<String, String> through(TcpProxy proxy, String... more) {
        Map<String, String> properties = SinkDriver.to(proxy.port());
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    @Test
    void aDestinationThatIsKilledAndKeepsWhatItHasAcknowledged() throws IOException {
        try (LocalServer server =
                        LocalServer.of(ServerVersion.standard()).appendOnly().start();
                SinkDriver sink = new SinkDriver(SinkDriver.to(server, "batch.max.commands", "20"), false)) {
            for (int round = 0; round < 3; round++) {
                sink.prepare(tally.more(1000), 7);
                sink.pump();
                server.kill9();
                server.start();
            }
            sink.awaitApplied();
            try (RespClient client = server.connect()) {
                tally.check(client);
            }
        }
    }

    @Test
    void aDestinationThatIsKilledAndComesBackWithAnOldFile() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                SinkDriver sink = new SinkDriver(SinkDriver.to(server), false)) {
            sink.send(tally.more(500), 7);
            sink.awaitApplied();
            server.command("SAVE");
            sink.send(tally.more(500), 7);
            sink.awaitApplied();
            server.kill9();
            server.start();
            sink.send(tally.more(100), 7);
            sink.awaitApplied();
            try (RespClient client = server.connect()) {
                tally.check(client);
            }
        }
    }

    @Test
    void aReplicaThatMissedWritesTakesOver() throws IOException {
        try (LocalServer master = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(master)
                        .start();
                TcpProxy proxy = TcpProxy.to(master.port());
                SinkDriver sink = new SinkDriver(through(proxy), false)) {
            sink.send(tally.more(400), 7);
            sink.awaitApplied();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() ->
                            Tally.text(replica.command("INFO", "replication")).contains("master_link_status:up")
                                    && size(replica) == size(master));
            try (RespClient client = master.connect()) {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> client.call("WAIT", 1, 1000).equals(1L));
            }
            replica.command("REPLICAOF", "NO", "ONE");
            sink.send(tally.more(400), 7);
            sink.awaitApplied();
            proxy.redirect(replica.port());
            proxy.cut();
            sink.send(tally.more(100), 7);
            sink.awaitApplied();
            try (RespClient client = replica.connect()) {
                tally.check(client);
            }
        }
    }

    private static long size(LocalServer server) {
        return (Long) server.command("DBSIZE");
    }

    @Test
    void aConnectionThatStallsIsGivenUpAndWhatItBroughtIsKnown() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                TcpProxy proxy = TcpProxy.to(server.port());
                SinkDriver sink = new SinkDriver(through(proxy, "redis.read.timeout.ms", "500"), false)) {
            sink.send(tally.more(100), 7);
            sink.awaitApplied();
            for (int round = 0; round < 3; round++) {
                long sessions = SinkDriver.status().getSessions();
                proxy.stall();
                sink.send(tally.more(300), 7);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> SinkDriver.status().getState().equals("reconnecting"));
                proxy.pass();
                sink.awaitApplied();
                assertThat(SinkDriver.status().getSessions()).isGreaterThan(sessions);
            }
            try (RespClient client = server.connect()) {
                tally.check(client);
            }
        }
    }

    @Test
    void repliesThatNeverArrive() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                TcpProxy proxy = TcpProxy.to(server.port());
                SinkDriver sink = new SinkDriver(through(proxy, "batch.max.commands", "40"), false)) {
            sink.send(tally.more(10), 7);
            sink.awaitApplied();
            for (int bytes : List.of(1, 5, 100, 300, 380, 400, 420, 700, 1000, 2000)) {
                long connections = proxy.connections();
                proxy.cutAfterBytesToClient(bytes);
                sink.send(tally.more(200), 3);
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> proxy.connections() > connections);
                proxy.pass();
            }
            sink.awaitApplied();
            try (RespClient client = server.connect()) {
                tally.check(client);
            }
        }
    }
}
