package io.millrace.source;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a cluster what must not be lost, doubled or done in another order, and follows its redirections: counters, lists,
 * strings that grow, deletions and transactions. On a thread of its own.
 */
final class ClusterLoad implements AutoCloseable {

    private static final int TAGS = 600;

    private final LocalServer seed;
    private final Map<Integer, Integer> ports = new HashMap<>();
    private final Map<Integer, RespClient> clients = new HashMap<>();
    private final Random random = new Random(7);
    private final Thread thread = new Thread(this::write, "cluster-load");
    private volatile boolean ending;
    private volatile boolean paused;
    private volatile boolean atRest;
    private volatile long written;
    private volatile Exception failure;

    ClusterLoad(LocalServer seed) {
        this.seed = seed;
    }

    ClusterLoad start() {
        thread.start();
        return this;
    }

    /** Writes nothing until it is resumed. */
    void pause() throws InterruptedException {
        paused = true;
        while (!atRest && thread.isAlive()) {
            Thread.sleep(5);
        }
    }

    void resume() {
        paused = false;
    }

    long written() {
        return written;
    }

    private void write() {
        try {
            while (!ending) {
                if (paused) {
                    atRest = true;
                    Thread.sleep(5);
                    continue;
                }
                atRest = false;
                int tag = random.nextInt(TAGS);
                String key = "{t" + tag + "}";
                int slot = HashSlot.of(("t" + tag).getBytes(StandardCharsets.UTF_8));
                long number = written;
                written = number + 1;
                String next = Long.toString(number);
                switch (random.nextInt(8)) {
                    case 0, 1 -> call(slot, "INCR", key + "counter");
                    case 2 -> call(slot, "RPUSH", key + "list", next);
                    case 3 -> call(slot, "APPEND", key + "text", next + ";");
                    case 4 -> call(slot, "DEL", key + "gone" + random.nextInt(3));
                    case 5 -> call(slot, "APPEND", key + "gone" + random.nextInt(3), next + ";");
                    case 6 -> call(slot, "LPOP", key + "list");
                    default -> call(slot, "HINCRBY", key + "hash", "f" + random.nextInt(3), "1");
                }
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    private void call(int slot, String... command) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int port = ports.getOrDefault(slot, seed.port());
        boolean asking = false;
        while (true) {
            String error;
            try {
                RespClient client = client(port);
                if (asking) {
                    client.send("ASKING");
                }
                client.send((Object[]) command);
                client.flush();
                if (asking) {
                    client.receive();
                }
                Object reply = client.receive();
                if (!(reply instanceof RespClient.ErrorReply e)) {
                    return;
                }
                error = e.message();
            } catch (IOException e) {
                RespClient broken = clients.remove(port);
                if (broken != null) {
                    broken.close();
                }
                ports.remove(slot);
                port = anyOther(port);
                error = "LOST " + e.getMessage();
            }
            asking = error.startsWith("ASK ");
            if (asking || error.startsWith("MOVED ")) {
                port = Integer.parseInt(error.substring(error.lastIndexOf(':') + 1));
                if (!asking) {
                    ports.put(slot, port);
                }
            } else if (System.nanoTime() > deadline) {
                throw new IOException("no answer for " + slot + ": " + error);
            } else {
                Thread.sleep(20);
            }
        }
    }

    private int anyOther(int port) {
        return clients.keySet().stream().filter(p -> p != port).findAny().orElse(seed.port());
    }

    private RespClient client(int port) throws IOException {
        RespClient client = clients.get(port);
        if (client == null) {
            client = RespClient.tcp(LocalServer.HOST, port, Duration.ofSeconds(10));
            clients.put(port, client);
        }
        return client;
    }

    void end() throws Exception {
        ending = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        ending = true;
        for (RespClient client : clients.values()) {
            client.close();
        }
    }
}
