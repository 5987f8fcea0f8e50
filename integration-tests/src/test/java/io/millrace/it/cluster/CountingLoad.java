package io.millrace.it.cluster;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a cluster, at a given rate, what must not be lost, doubled or done in another order, and follows its redirections.
 * Commands are pipelined per node; one that is redirected, or whose connection breaks, is sent again, so that a count may be
 * done twice at the source when a node dies: what the source holds is what counts.
 */
final class CountingLoad implements AutoCloseable {

    private static final int TAGS = 8_000;
    private static final int BATCH = 200;

    private final int perSecond;
    private final int seed;
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, RespClient> clients = new HashMap<>();
    private final Random random = new Random(11);
    private final Thread thread = new Thread(this::write, "cluster-load");
    private volatile boolean ending;
    private volatile long written;
    private volatile Exception failure;

    CountingLoad(LocalServer seed, int perSecond) {
        this.seed = seed.port();
        this.perSecond = perSecond;
    }

    CountingLoad start() {
        thread.start();
        return this;
    }

    /** Commands that were answered. */
    long written() {
        return written;
    }

    private record Write(int slot, Object[] command) {}

    private void write() {
        long begun = System.nanoTime();
        long sent = 0;
        try {
            while (!ending) {
                long due = (System.nanoTime() - begun) * perSecond / TimeUnit.SECONDS.toNanos(1);
                if (sent >= due) {
                    Thread.sleep(1);
                    continue;
                }
                Deque<Write> batch = new ArrayDeque<>();
                for (int i = 0; i < Math.min(BATCH, due - sent); i++) {
                    batch.add(next(sent + i));
                }
                sent += batch.size();
                written = sent;
                send(batch);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Write next(long number) {
        int tag = random.nextInt(TAGS);
        String key = "{t" + tag + "}";
        int slot = HashSlot.of(("t" + tag).getBytes(StandardCharsets.UTF_8));
        String value = Long.toString(number);
        Object[] command = switch (random.nextInt(8)) {
            case 0, 1 -> new Object[] {"INCR", key + "counter"};
            case 2 -> new Object[] {"RPUSH", key + "list", value};
            case 3 -> new Object[] {"APPEND", key + "text", value + ";"};
            case 4 -> new Object[] {"DEL", key + "gone" + random.nextInt(3)};
            case 5 -> new Object[] {"APPEND", key + "gone" + random.nextInt(3), value + ";"};
            case 6 -> new Object[] {"LPOP", key + "list"};
            default -> new Object[] {"ZINCRBY", key + "zset", "1", "m" + random.nextInt(3)};
        };
        return new Write(slot, command);
    }

    private void send(Deque<Write> batch) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Deque<Write> left = batch;
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
            if (System.nanoTime() > deadline) {
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
            Thread.sleep(20);
        }
    }

    private void redirected(Write write, String error, Deque<Write> again) throws IOException, InterruptedException {
        if (error.startsWith("MOVED ")) {
            ports.put(write.slot(), port(error));
            again.add(write);
        } else if (error.startsWith("ASK ")) {
            RespClient client = client(port(error));
            client.send("ASKING");
            client.send(write.command());
            client.flush();
            client.receive();
            if (client.receive() instanceof RespClient.ErrorReply) {
                again.add(write);
            }
        } else {
            Thread.sleep(5);
            again.add(write);
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

    /** Ends with what has been begun. */
    void end() throws Exception {
        ending = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws Exception {
        ending = true;
        thread.join();
        for (RespClient client : clients.values()) {
            client.close();
        }
    }
}
