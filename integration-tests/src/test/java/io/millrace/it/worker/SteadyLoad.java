package io.millrace.it.worker;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Writes numbers that show a loss or a repetition, about 600 units a second, on a thread of its own until it is closed. */
final class SteadyLoad implements AutoCloseable {

    private static final int UNITS = 6;
    private static final long PAUSE_MILLIS = 10;

    private final RespClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private int next;

    @SuppressWarnings("FutureReturnValueIgnored") // what goes wrong is kept in failure
    SteadyLoad(LocalServer server) {
        client = server.connect();
        thread.scheduleWithFixedDelay(this::burst, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Each number goes to one list, or in one transaction to two. */
    private void burst() {
        try {
            int replies = 0;
            for (int i = 0; i < UNITS; i++) {
                String number = Integer.toString(next++);
                if (i % 3 == 0) {
                    client.send("MULTI");
                    client.send("RPUSH", "one", number);
                    client.send("SELECT", "1");
                    client.send("RPUSH", "other", number);
                    client.send("SELECT", "0");
                    client.send("EXEC");
                    replies += 6;
                } else if (i % 3 == 1) {
                    client.send("RPUSH", "list", number);
                    replies++;
                } else {
                    client.send("INCR", "counter");
                    replies++;
                }
            }
            for (int i = 0; i < replies; i++) {
                if (client.receive() instanceof ErrorReply error) {
                    throw new IllegalStateException(error.message());
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.set(e);
            throw new IllegalStateException(e); // so that no burst follows
        }
    }

    /** How many numbers were written; after the end. */
    int written() {
        return next;
    }

    @Override
    public void close() throws IOException {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the source does not answer");
            }
            if (failure.get() != null) {
                throw new AssertionError("the load failed", failure.get());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            client.close();
        }
    }
}
