package io.millrace.it.storm;

import io.millrace.redis.local.LocalServerException;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads pairs from the destination, on a thread of its own, and keeps those of which it sees one half without the other. A
 * full copy replaces key by key, so what is seen while one is applied counts apart.
 */
final class TornReads implements AutoCloseable {

    private static final int PAUSE_MILLIS = 4;

    /** @param atMillis when it was read, since the epoch */
    record Torn(long atMillis, List<String> keys, List<String> values) {}

    private final StormDestination destination;
    private final Beats beats;
    private final ConcurrentLinkedQueue<Torn> torn = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final RespClient[] clients;
    private final Thread thread;
    private volatile boolean stopping;

    TornReads(StormDestination destination, Beats beats) {
        this.destination = destination;
        this.beats = beats;
        this.clients = new RespClient[destination.shards()];
        this.thread = new Thread(this::run, "torn-reads");
        thread.setDaemon(true);
        thread.start();
    }

    long reads() {
        return reads.get();
    }

    List<Torn> torn() {
        return List.copyOf(torn);
    }

    private void run() {
        for (int i = 0; !stopping; i++) {
            int pair = i % Pairs.COUNT;
            List<String> keys = Pairs.keys(pair);
            at(destination.shardOf(keys.get(0)), keys);
            if (i % 8 == 0) {
                int shard = (i / 8) % destination.shards();
                at(shard, List.of(beats.keys().get(shard)));
            }
            Pause.millis(PAUSE_MILLIS);
        }
        for (int shard = 0; shard < clients.length; shard++) {
            forget(shard);
        }
    }

    private void at(int shard, List<String> keys) {
        try {
            if (clients[shard] == null) {
                clients[shard] = destination.connect(shard);
            }
            look(shard, keys);
        } catch (IOException | LocalServerException gone) {
            // A server that is down, or no longer the master: the next look finds its successor.
            forget(shard);
        }
    }

    private void look(int shard, List<String> keys) throws IOException {
        long now = System.currentTimeMillis();
        Object[] command = new Object[keys.size() + 1];
        command[0] = "MGET";
        for (int i = 0; i < keys.size(); i++) {
            command[i + 1] = keys.get(i);
        }
        List<String> values = ((List<?>) clients[shard].call(command))
                .stream().map(TornReads::text).toList();
        if (keys.size() == 1) {
            // There is none before the first, and after a FLUSHDB.
            if (!values.get(0).equals("nil")) {
                beats.seen(shard, Long.parseLong(values.get(0)));
            }
            return;
        }
        reads.incrementAndGet();
        if (values.stream().anyMatch(value -> !Objects.equals(value, values.get(0)))) {
            torn.add(new Torn(now, keys, values));
        }
    }

    private static String text(Object value) {
        return value == null ? "nil" : new String((byte[]) value, StandardCharsets.UTF_8);
    }

    private void forget(int shard) {
        try {
            if (clients[shard] != null) {
                clients[shard].close();
            }
        } catch (IOException e) {
            // It is given up in any case.
            return;
        } finally {
            clients[shard] = null;
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The storm was interrupted", e);
        }
    }
}
