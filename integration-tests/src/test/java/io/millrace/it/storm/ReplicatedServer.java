package io.millrace.it.storm;

import static org.awaitility.Awaitility.await;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.LocalServerBuilder;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.redis.local.TcpProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A master and its replica behind one address, which follows the promotion. Struck by one thread; {@link #connect()} may be
 * called by any.
 */
final class ReplicatedServer implements AutoCloseable {

    /** The user that replicas log in with, so that they can be kept away without touching other clients. */
    static final String[] REPLICATION_USER = {
        "user replication on >replication ~* &* +@all", "masteruser replication", "masterauth replication"
    };

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final TcpProxy proxy;
    private volatile LocalServer master;
    private LocalServer replica;

    private ReplicatedServer(LocalServer master, LocalServer replica) {
        this.master = master;
        this.replica = replica;
        this.proxy = TcpProxy.to(master.port());
    }

    static ReplicatedServer start(ServerVersion version, String... configuration) {
        LocalServer first = server(version, configuration).start();
        try {
            ReplicatedServer pair =
                    new ReplicatedServer(first, server(version, configuration).start());
            pair.follow();
            pair.awaitReplica();
            return pair;
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    private static LocalServerBuilder server(ServerVersion version, String... configuration) {
        LocalServerBuilder server = LocalServer.of(version)
                .config("enable-debug-command yes")
                // Redis waits so long for its replicas when it is shut down.
                .config("shutdown-timeout 1")
                .config("repl-backlog-size 64mb");
        for (String line : REPLICATION_USER) {
            server.config(line);
        }
        for (String line : configuration) {
            server.config(line);
        }
        return server;
    }

    /** The address of whichever is the master. */
    int port() {
        return proxy.port();
    }

    TcpProxy proxy() {
        return proxy;
    }

    LocalServer master() {
        return master;
    }

    LocalServer replica() {
        return replica;
    }

    /** A connection to whichever is the master now. */
    RespClient connect() {
        return master.connect();
    }

    /** Ends the master as a crash would; its replica takes its place, and it comes back as a replica. */
    void promote() {
        LocalServer gone = master;
        gone.kill9();
        replica.command("REPLICAOF", "NO", "ONE");
        proxy.redirect(replica.port());
        proxy.cut();
        master = replica;
        replica = gone;
        gone.start();
        follow();
    }

    /** Keeps the replica from its master, which goes on. It can come back when one of them is promoted or restarted. */
    void leaveReplicaBehind() {
        master.command("ACL", "SETUSER", "replication", "off");
        try (RespClient client = master.connect()) {
            client.send("CLIENT", "KILL", "USER", "replication");
            client.receive();
        } catch (IOException e) {
            throw new IllegalStateException("The replica of " + master + " cannot be left behind", e);
        }
    }

    /** Ends the master as a crash would, and starts it again with what is on its disk. */
    void crash() {
        master.kill9();
        master.start();
    }

    /** Waits until the replica has what the master has, about, so that a promotion finds it. */
    void awaitReplica() {
        await("the replica of " + master)
                .atMost(PATIENCE)
                .until(() -> info(replica, "replication").contains("master_link_status:up"));
    }

    static String info(LocalServer server, String section) {
        return new String((byte[]) server.command("INFO", section), StandardCharsets.ISO_8859_1);
    }

    private void follow() {
        replica.command("REPLICAOF", LocalServer.HOST, master.port());
    }

    @Override
    public void close() {
        proxy.close();
        master.close();
        replica.close();
    }
}
