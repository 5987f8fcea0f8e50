package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.endpoint.Login;
import io.millrace.endpoint.Secret;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The link against real servers. */
@Timeout(180)
class ReplicaLinkTest {

    @ParameterizedTest
    @EnumSource
    void everyVersionSendsASnapshotAndThenEveryByteOfItsCommands(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        for (boolean diskless : new boolean[] {true, false}) {
            try (LocalServer server = LocalServer.of(version)
                            .disklessReplication(diskless)
                            .config("repl-diskless-sync-delay 0")
                            .start();
                    RespClient client = server.connect()) {
                for (int i = 0; i < 1000; i++) {
                    client.call("SET", "key:" + i, "x".repeat(1000));
                }
                try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                    SyncStart start = link.sync(null, -1);
                    assertThat(start).isInstanceOf(SyncStart.FullResync.class);
                    byte[] rdb;
                    try (InputStream in = link.snapshot()) {
                        assertThat(link.snapshotBytes() >= 0).isEqualTo(!diskless);
                        rdb = in.readAllBytes();
                    }
                    assertThat(new String(rdb, 0, 6, StandardCharsets.US_ASCII))
                            .isEqualTo(version == ServerVersion.VALKEY_9_1 ? "VALKEY" : "REDIS0");
                    assertThat(rdb[rdb.length - 9]).isEqualTo((byte) 0xff);
                    RespReader commands = link.commands();
                    assertThat(commands.lastOffset()).isEqualTo(start.offset());
                    client.call("SELECT", 3);
                    client.call("MSET", "a", "1", "b", "");
                    client.call("MULTI");
                    client.call("SET", "c", "3");
                    client.call("DEL", "a");
                    client.call("EXEC");
                    client.call("RPUSH", "end", "x");
                    assertCommandsAreContiguous(commands, start.offset(), client);
                }
            }
        }
    }

    private static void assertCommandsAreContiguous(RespReader commands, long from, RespClient client)
            throws IOException {
        List<String> names = new ArrayList<>();
        long before = from;
        String name;
        do {
            byte[][] argv = commands.next();
            name = text(argv[0]);
            names.add(name);
            assertThat(commands.firstOffset()).isEqualTo(before + 1);
            assertThat(commands.lastOffset() - before).isEqualTo(RespWriter.command(argv).length);
            before = commands.lastOffset();
        } while (!name.equals("RPUSH"));
        // Valkey 9 pings in lower case.
        names.removeIf(n -> n.equalsIgnoreCase("PING") || n.equals("REPLCONF"));
        assertThat(names).containsExactly("SELECT", "MSET", "MULTI", "SET", "DEL", "EXEC", "RPUSH");
        assertThat(offset(client)).isGreaterThanOrEqualTo(before);
    }

    @Test
    void aLinkContinuesWhereAnotherEndedWithoutLossOrRepetition() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            String replId;
            long position;
            try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                SyncStart start = link.sync(null, -1);
                drain(link.snapshot());
                client.call("SELECT", 5);
                client.call("INCR", "n");
                client.call("INCR", "n");
                RespReader commands = link.commands();
                List<String> seen = new ArrayList<>();
                while (!seen.contains("INCR")) {
                    seen.add(text(commands.next()[0]));
                }
                replId = start.replId();
                position = commands.lastOffset();
            }
            client.call("INCR", "n");
            client.call("SET", "end", "x");
            try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                SyncStart start = link.sync(replId, position);
                assertThat(start).isEqualTo(new SyncStart.Continued(replId, position));
                RespReader commands = link.commands();
                List<String> seen = new ArrayList<>();
                while (!seen.contains("SET")) {
                    seen.add(text(commands.next()[0]));
                }
                seen.removeIf("PING"::equalsIgnoreCase);
                assertThat(seen).as("no SELECT comes first").containsExactly("INCR", "INCR", "SET");
            }
        }
    }

    @Test
    void aPositionThatTheMasterDoesNotHaveIsAnsweredWithAFullResync() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                assertThat(link.sync("0123456789012345678901234567890123456789", 17))
                        .isInstanceOf(SyncStart.FullResync.class);
            }
            String replId;
            try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                replId = link.sync(null, -1).replId();
            }
            try (ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
                assertThat(link.sync(replId, 1L << 40)).isInstanceOf(SyncStart.FullResync.class);
            }
        }
    }

    @Test
    void afterAFailoverTheOldHistoryContinuesUnderItsNewId() throws Exception {
        try (LocalServer master = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(master)
                        .start();
                RespClient toMaster = master.connect();
                RespClient toReplica = replica.connect()) {
            String old;
            long position;
            try (ReplicaLink link = connect(master, LinkSettings.DEFAULT, () -> 0)) {
                old = link.sync(null, -1).replId();
                drain(link.snapshot());
                toMaster.call("SET", "a", "1");
                RespReader commands = link.commands();
                while (!text(commands.next()[0]).equals("SET")) {
                    assertThat(commands.lastOffset()).isPositive();
                }
                position = commands.lastOffset();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> offset(toReplica) >= position);
            toReplica.call("REPLICAOF", "NO", "ONE");
            toReplica.call("SET", "b", "2");
            try (ReplicaLink link = connect(replica, LinkSettings.DEFAULT, () -> 0)) {
                SyncStart start = link.sync(old, position);
                assertThat(start).isInstanceOf(SyncStart.Continued.class);
                assertThat(start.replId()).isNotEqualTo(old).hasSize(40);
                RespReader commands = link.commands();
                List<String> seen = new ArrayList<>();
                while (!seen.contains("SET")) {
                    seen.add(text(commands.next()[0]));
                }
                assertThat(commands.lastOffset()).isGreaterThan(position);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatTheMasterSeesAsAcknowledgedIsWhatTheCallerSays(boolean diskless) throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .disklessReplication(diskless)
                        .start();
                RespClient client = server.connect()) {
            AtomicLong stored = new AtomicLong();
            LinkSettings seldom = LinkSettings.DEFAULT.withAckInterval(Duration.ofSeconds(3));
            try (ReplicaLink link = connect(server, seldom, stored::get)) {
                link.sync(null, -1);
                drain(link.snapshot());
                RespReader commands = link.commands();
                CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readForEver(commands));
                client.call("SET", "a", "1");
                assertThat(client.call("WAIT", 1, 300)).isEqualTo(0L);
                stored.set(offset(client));
                assertThat(client.call("WAIT", 1, 10_000)).isEqualTo(1L);
                // A GETACK is answered again as soon as the offset is reached, not an interval later.
                client.call("SET", "a", "2");
                CompletableFuture<Object> waiting = CompletableFuture.supplyAsync(() -> {
                    try (RespClient other = server.connect()) {
                        other.call("SET", "a", "3");
                        return other.call("WAIT", 1, 1500);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                });
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> info(client, "INFO", "clients", "blocked_clients") == 1);
                stored.set(offset(client));
                assertThat(waiting.get()).isEqualTo(1L);
                link.close();
                assertThatThrownBy(reading::join).hasCauseInstanceOf(LinkException.Lost.class);
            }
        }
    }

    @Test
    void aReaderThatIsSlowBehindTheSnapshotKeepsItsLink() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .config("repl-timeout 2")
                        .config("repl-ping-replica-period 1")
                        .start();
                RespClient client = server.connect()) {
            try (ReplicaLink link =
                    connect(server, LinkSettings.DEFAULT.withAckInterval(Duration.ofMillis(300)), () -> 0)) {
                link.sync(null, -1);
                drain(link.snapshot());
                long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
                await().atMost(Duration.ofSeconds(10)).until(() -> System.nanoTime() > until);
                client.call("SET", "late", "x");
                RespReader commands = link.commands();
                while (!text(commands.next()[0]).equals("SET")) {
                    assertThat(commands.lastOffset()).isPositive();
                }
            }
        }
    }

    @Test
    void aMasterThatFallsSilentIsALostLink() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                ReplicaLink link = connect(
                        server,
                        LinkSettings.DEFAULT.withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(500)),
                        () -> 0)) {
            link.sync(null, -1);
            drain(link.snapshot());
            server.pause();
            assertThatThrownBy(() -> readForEver(link.commands()))
                    .hasCauseInstanceOf(LinkException.Lost.class)
                    .hasMessageContaining("sent nothing for 500 ms");
            server.resume();
        }
    }

    @Test
    void closingEndsAReadThatWaits() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0);
            link.sync(null, -1);
            drain(link.snapshot());
            RespReader commands = link.commands();
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> readForEver(commands));
            link.close();
            assertThatThrownBy(reading::join)
                    .hasCauseInstanceOf(LinkException.Lost.class)
                    .hasMessageContaining("closed here");
        }
    }

    @Test
    void aMasterThatDiesIsALostLink() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                ReplicaLink link = connect(server, LinkSettings.DEFAULT, () -> 0)) {
            link.sync(null, -1);
            drain(link.snapshot());
            RespReader commands = link.commands();
            server.kill9();
            assertThatThrownBy(() -> readForEver(commands)).hasCauseInstanceOf(LinkException.Lost.class);
            assertThatThrownBy(() -> connect(server, LinkSettings.DEFAULT, () -> 0))
                    .isInstanceOf(LinkException.Unreachable.class)
                    .hasMessageContaining("check address, port");
        }
    }

    @Test
    void aWrongLoginIsAnAuthenticationFailureWithoutThePassword() throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                .password("right-secret")
                .user("reader", "reader-secret", "~* +@all -psync")
                .start()) {
            assertFails(server, Login.password(Secret.of("wrong-secret")), LinkException.AuthenticationFailed.class);
            assertFails(
                    server, Login.of("nobody", Secret.of("wrong-secret")), LinkException.AuthenticationFailed.class);
            assertFails(server, Login.none(), LinkException.AuthenticationFailed.class);
            try (ReplicaLink link = connect(
                    server, LinkSettings.DEFAULT.withLogin(Login.of("reader", Secret.of("reader-secret"))), () -> 0)) {
                assertThatThrownBy(() -> link.sync(null, -1))
                        .isInstanceOf(LinkException.PermissionDenied.class)
                        .hasMessageContaining("PSYNC")
                        .hasMessageContaining("+psync");
            }
        }
    }

    @Test
    void aPasswordWhereNoneIsSetIsAnAuthenticationFailure() throws Exception {
        for (ServerVersion version : List.of(ServerVersion.REDIS_6_2, ServerVersion.REDIS_7_0)) {
            try (LocalServer server = LocalServer.start(version)) {
                assertFails(
                        server, Login.password(Secret.of("wrong-secret")), LinkException.AuthenticationFailed.class);
            }
        }
    }

    @Test
    void aReplicaWithoutItsMasterIsNotReady() throws Exception {
        try (LocalServer master = LocalServer.start(ServerVersion.standard());
                LocalServer replica = LocalServer.of(ServerVersion.standard())
                        .replicaOf(master)
                        .start()) {
            master.kill9();
            try (RespClient client = replica.connect()) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> text((byte[]) client.call("INFO", "replication"))
                                .contains("master_link_status:down"));
            }
            try (ReplicaLink link = connect(replica, LinkSettings.DEFAULT, () -> 0)) {
                assertThatThrownBy(() -> link.sync(null, -1))
                        .isInstanceOf(LinkException.NotReady.class)
                        .hasMessageContaining("its own master");
            }
        }
    }

    private static void assertFails(LocalServer server, Login login, Class<? extends LinkException> type) {
        assertThatThrownBy(() -> connect(server, LinkSettings.DEFAULT.withLogin(login), () -> 0)
                        .close())
                .isInstanceOf(type)
                .hasMessageNotContaining("wrong-secret");
    }

    private static ReplicaLink connect(LocalServer server, LinkSettings settings, LongSupplier stored)
            throws LinkException {
        return ReplicaLink.connect(
                () -> new Socket(LocalServer.HOST, server.port()),
                LocalServer.HOST + ":" + server.port(),
                settings,
                stored);
    }

    private static void drain(InputStream snapshot) throws IOException {
        assertThat(snapshot.readAllBytes()).isNotEmpty();
    }

    private static void readForEver(RespReader commands) {
        try {
            while (commands.next() != null) {
                assertThat(commands.lastOffset()).isPositive();
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static long offset(RespClient client) throws IOException {
        return info(client, "INFO", "replication", "master_repl_offset");
    }

    private static long info(RespClient client, String command, String section, String field) throws IOException {
        String info = text((byte[]) client.call(command, section));
        int at = info.indexOf("\n" + field + ":") + field.length() + 2;
        return Long.parseLong(info.substring(at, info.indexOf('\r', at)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
