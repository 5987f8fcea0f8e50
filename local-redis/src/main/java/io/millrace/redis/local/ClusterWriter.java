package io.millrace.redis.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a cluster and follows its redirections, pipelined per node. A command that is redirected, refused, or whose
 * connection breaks is sent again, so that it may be done twice when a node dies: what the cluster holds is what counts. Not
 * safe for use by several threads.
 */
public final class ClusterWriter implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final long LOST_MILLIS = 20;
    private static final long REFUSED_MILLIS = 5;

    private final int seed;
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, RespClient> clients = new HashMap<>();

    public ClusterWriter(LocalServer seed) {
        this.seed = seed.port();
    }

    /** @param slot the hash slot of the command's keys */
    public record Write(int slot, Object... command) {}

    /** Returns when each was answered. */
    public void send(Collection<Write> writes) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Collection<Write> left = writes;
        while (!left.isEmpty()) {
            Map<Integer, List<Write>> byPort = new HashMap<>();
            for (Write write : left) {
                byPort.computeIfAbsent(ports.getOrDefault(write.slot(), seed), port -> new ArrayList<>())
                        .add(write);
            }
            Deque<Write> again = new ArrayDeque<>();
            for (Map.Entry<Integer, List<Write>> each : byPort.entrySet()) {
                to(each.getKey(), each.getValue(), again);
            }
            if (!again.isEmpty() && System.nanoTime() > deadline) {
                throw new IOException(again.size() + " writes are not answered");
            }
            left = again;
        }
    }

    private void to(int port, List<Write> writes, Deque<Write> again) throws InterruptedException {
        int answered = 0;
        try {
            RespClient client = client(port);
            for (Write write : writes) {
                client.send(write.command());
            }
            client.flush();
            for (Write write : writes) {
                Object reply = client.receive();
                answered++;
                if (reply instanceof RespClient.ErrorReply error) {
                    redirected(write, error.message(), again);
                }
            }
        } catch (IOException e) {
            forget(port);
            again.addAll(writes.subList(answered, writes.size()));
            ports.values().removeIf(known -> known == port);
            for (Write write : writes) {
                ports.put(write.slot(), other(port));
            }
            Thread.sleep(LOST_MILLIS);
        }
    }

    private void redirected(Write write, String error, Deque<Write> again) throws InterruptedException {
        if (error.startsWith("MOVED ")) {
            ports.put(write.slot(), port(error));
            again.add(write);
        } else if (error.startsWith("ASK ")) {
            if (!asked(write, port(error))) {
                again.add(write);
            }
        } else {
            Thread.sleep(REFUSED_MILLIS);
            again.add(write);
        }
    }

    /** Whether the node that the slot is on its way to has done it. */
    private boolean asked(Write write, int port) {
        try {
            RespClient client = client(port);
            client.send("ASKING");
            client.send(write.command());
            client.flush();
            client.receive();
            return !(client.receive() instanceof RespClient.ErrorReply);
        } catch (IOException e) {
            forget(port);
            return false;
        }
    }

    private static int port(String error) {
        return Integer.parseInt(error.substring(error.lastIndexOf(':') + 1));
    }

    private int other(int port) {
        return clients.keySet().stream().filter(p -> p != port).findAny().orElse(seed);
    }

    private RespClient client(int port) throws IOException {
        RespClient client = clients.get(port);
        if (client == null) {
            client = RespClient.tcp(LocalServer.HOST, port, Duration.ofSeconds(10));
            clients.put(port, client);
        }
        return client;
    }

    private void forget(int port) {
        RespClient client = clients.remove(port);
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                // the connection is broken already
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (RespClient client : clients.values()) {
            client.close();
        }
    }
}
