package io.millrace.it.workload;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a number of commands a second, as far as the machine can, on a thread of its own, until it is closed. */
public final class PacedWriter implements AutoCloseable {

    /** The key that has the number of the last write. */
    public static final String LAST = "paced:last";

    private static final int BURSTS_A_SECOND = 50;
    private static final int KEYS = 20_000;
    private static final int VALUE_BYTES = 100;

    private final RespClient client;
    private final int burst;
    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> bursts;
    private final AtomicLong written = new AtomicLong();

    private PacedWriter(RespClient client, int writesPerSecond) {
        this.client = client;
        this.burst = writesPerSecond / BURSTS_A_SECOND;
        this.executor = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "paced-writer");
            thread.setDaemon(true);
            return thread;
        });
        // At a fixed rate: what a slow machine misses is made up for as soon as it can.
        this.bursts = executor.scheduleAtFixedRate(this::write, 0, 1_000 / BURSTS_A_SECOND, TimeUnit.MILLISECONDS);
    }

    public static PacedWriter start(LocalServer server, int writesPerSecond) {
        return new PacedWriter(server.connect(), writesPerSecond);
    }

    /** Commands that the server has answered. Any thread. */
    public long written() {
        return written.get();
    }

    private void write() {
        long from = written.get();
        try {
            for (int i = 0; i < burst; i++) {
                client.send("SET", "paced:" + (from + i) % KEYS, value(from + i));
            }
            client.send("SET", LAST, Long.toString(from + burst));
            for (int i = 0; i <= burst; i++) {
                if (client.receive() instanceof ErrorReply error) {
                    throw new IllegalStateException(error.message());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        written.set(from + burst);
    }

    private static byte[] value(long number) {
        return Arrays.copyOf(Long.toString(number).getBytes(StandardCharsets.US_ASCII), VALUE_BYTES);
    }

    /** Ends after the burst that is under way, and throws what went wrong in any. */
    @Override
    public void close() throws IOException {
        bursts.cancel(false);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new AssertionError("The writer did not end");
            }
            if (!bursts.isCancelled()) {
                bursts.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("The writer failed", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            client.close();
        }
    }
}
