package io.millrace.it.workload;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** Executes samples on a server, one after the other, and reads every reply. Belongs to one thread. */
public final class WorkloadRun implements AutoCloseable {

    private final LocalServer server;
    private final LocalServer peer;
    private final RespClient client;
    private final ServerCommands commands;
    private byte[] lastString;
    private int executed;

    /** @param peer where MIGRATE sends keys to; without one, samples that need it are left out */
    public WorkloadRun(LocalServer server, LocalServer peer) throws IOException {
        this.server = server;
        this.peer = peer;
        this.client = server.connect();
        this.commands = ServerCommands.of(client);
    }

    public ServerCommands commands() {
        return commands;
    }

    /** How many samples have run. */
    public int executed() {
        return executed;
    }

    public void run(List<SampleGroup> groups) throws IOException {
        for (SampleGroup group : groups) {
            run(group);
        }
    }

    /** @throws AssertionError if a reply is not what the sample expects; it names the sample and the reply */
    public void run(SampleGroup group) throws IOException {
        client.call("SELECT", "0");
        Sample waiting = null;
        RespClient waitingClient = null;
        try {
            for (Sample sample : group.samples()) {
                if (!sample.runsOn(commands) || (peer == null && needsPeer(sample))) {
                    continue;
                }
                if (sample.blocking()) {
                    waiting = sample;
                    waitingClient = block(sample);
                    continue;
                }
                if (check(sample, execute(client, sample)) instanceof byte[] string) {
                    lastString = string;
                }
                if (waitingClient != null) {
                    check(waiting, waitingClient.receive());
                    waitingClient.close();
                    waitingClient = null;
                }
            }
        } finally {
            if (waitingClient != null) {
                waitingClient.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }

    private RespClient block(Sample sample) throws IOException {
        RespClient blocked = server.connect();
        blocked.send(filled(sample));
        blocked.flush();
        Awaitility.await(sample.toString())
                .atMost(Duration.ofSeconds(60))
                .until(() -> new String((byte[]) client.call("INFO", "clients"), StandardCharsets.UTF_8)
                        .contains("blocked_clients:1\r"));
        return blocked;
    }

    private Object execute(RespClient connection, Sample sample) throws IOException {
        connection.send(filled(sample));
        return connection.receive();
    }

    private Object check(Sample sample, Object reply) {
        executed++;
        if (reply instanceof ErrorReply error) {
            if (!sample.failing()) {
                throw new AssertionError(server + ", " + sample + ": " + error.message());
            }
        } else if (sample.failing()) {
            throw new AssertionError(server + ", " + sample + ": expected an error");
        }
        return reply;
    }

    private static boolean needsPeer(Sample sample) {
        return sample.arguments().stream().anyMatch(Argument.PeerPort.class::isInstance);
    }

    private Object[] filled(Sample sample) {
        return sample.arguments().stream().map(this::filled).toArray();
    }

    private Object filled(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return literal.bytes();
        }
        if (argument instanceof Argument.Moment moment) {
            long now = System.currentTimeMillis();
            return moment.inMillis() ? now + moment.later() : now / 1000 + moment.later();
        }
        if (argument instanceof Argument.PeerHost) {
            return LocalServer.HOST;
        }
        if (argument instanceof Argument.PeerPort) {
            return peer.port();
        }
        return lastString;
    }
}
