package io.millrace.it.cluster;

import io.millrace.redis.local.ClusterWriter;
import io.millrace.redis.local.LocalServer;
import io.millrace.slot.HashSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Writes to a cluster, at a given rate, what must not be lost, doubled or done in another order, on a thread of
 * its own.
 */
final class CountingLoad implements AutoCloseable {

    private static final int TAGS = 8_000;
    private static final int BATCH = 200;

    private final int perSecond;
    private final ClusterWriter writer;
    private final Random random = new Random(11);
    private final Thread thread = new Thread(this::write, "cluster-load");
    private volatile boolean ending;
    private volatile long written;
    private volatile Exception failure;

    CountingLoad(LocalServer seed, int perSecond) {
        this.writer = new ClusterWriter(seed);
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
                List<ClusterWriter.Write> batch = new ArrayList<>();
                for (int i = 0; i < Math.min(BATCH, due - sent); i++) {
                    batch.add(next(sent + i));
                }
                sent += batch.size();
                written = sent;
                writer.send(batch);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ClusterWriter.Write next(long number) {
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
        return new ClusterWriter.Write(slot, command);
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
        writer.close();
    }
}
