package io.millrace.it.worker;

import io.millrace.redis.local.LocalCluster;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import io.millrace.slot.HashSlot;
import io.millrace.slot.SlotPartitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes numbers to a cluster that show a loss or a repetition: for each partition of the topic there is a hash tag with a
 * count of its own. Each number is a unit: a command, or a transaction of two. On a thread of its own until it is closed.
 */
final class TaggedLoad implements AutoCloseable {

    private static final int UNITS = 3;
    private static final long PAUSE_MILLIS = 20;

    private final Map<String, RespClient> clients = new LinkedHashMap<>();
    private final Map<String, Integer> next = new LinkedHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is kept in failure
    TaggedLoad(LocalCluster cluster, SlotPartitions partitions) {
        Map<LocalServer, RespClient> open = new LinkedHashMap<>();
        for (int p = 0; p < partitions.count(); p++) {
            String tag = tagOf(partitions, p);
            LocalServer master = cluster.masterOf(HashSlot.of(tag.getBytes(StandardCharsets.US_ASCII)));
            clients.put(tag, open.computeIfAbsent(master, LocalServer::connect));
            next.put(tag, 0);
        }
        thread.scheduleWithFixedDelay(this::burst, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static String tagOf(SlotPartitions partitions, int wanted) {
        int i = 0;
        while (partitions.of(HashSlot.of(("t" + i).getBytes(StandardCharsets.US_ASCII))) != wanted) {
            i++;
        }
        return "t" + i;
    }

    private void burst() {
        try {
            for (Map.Entry<String, RespClient> each : clients.entrySet()) {
                int first = next.get(each.getKey());
                next.put(each.getKey(), first + UNITS);
                write(each.getValue(), "{" + each.getKey() + "}", first);
            }
        } catch (IOException | RuntimeException e) {
            failure.set(e);
            throw new IllegalStateException(e); // so that no burst follows
        }
    }

    private static void write(RespClient client, String key, int first) throws IOException {
        client.send("MULTI");
        client.send("RPUSH", key + "one", first);
        client.send("RPUSH", key + "other", first);
        client.send("EXEC");
        client.send("RPUSH", key + "list", first + 1);
        client.send("INCR", key + "counter");
        for (int i = 0; i < 6; i++) {
            if (client.receive() instanceof ErrorReply error) {
                throw new IllegalStateException(error.message());
            }
        }
    }

    /** How many numbers were written, by the tag; after the end. */
    Map<String, Integer> written() {
        return next;
    }

    /** Ends the writing, and sets the key {@code {tag}end} of each tag. */
    void end() throws IOException {
        stop();
        for (Map.Entry<String, RespClient> each : clients.entrySet()) {
            each.getValue().call("SET", "{" + each.getKey() + "}end", "1");
        }
    }

    private void stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the source does not answer");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failure.get() != null) {
            throw new AssertionError("the load failed", failure.get());
        }
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        for (RespClient client : clients.values()) {
            client.close();
        }
    }
}
