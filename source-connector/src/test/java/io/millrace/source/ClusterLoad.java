package io.millrace.source;

import io.millrace.redis.local.ClusterWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Writes to a cluster what must not be lost, doubled or done in another order: counters, lists,
 * strings that grow, deletions and transactions. On a thread of its own.
 */
final class ClusterLoad implements AutoCloseable {

    private static final int TAGS = 600;

    private final ClusterWriter writer;
    private final Random random = new Random(7);
    private final Thread thread = new Thread(this::write, "cluster-load");
    private volatile boolean ending;
    private volatile boolean paused;
    private volatile boolean atRest;
    private volatile long written;
    private volatile Exception failure;

    ClusterLoad(LocalServer seed) {
        this.writer = new ClusterWriter(seed);
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

    private void call(int slot, Object... command) throws IOException, InterruptedException {
        writer.send(List.of(new ClusterWriter.Write(slot, command)));
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
        writer.close();
    }
}
