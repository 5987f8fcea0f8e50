package io.millrace.it.workload;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** Writes to a server on a thread of its own, in pipelined bursts, until it is closed. */
public final class LoadWriter implements AutoCloseable {

    /** Which commands it writes. */
    public enum Kind {
        /** Commands that state a value: applying a run of them twice, in order, leaves what applying it once does. */
        STATING,
        /** Commands that build on the value that is there, and transactions of them. */
        BUILDING
    }

    private static final int KEYS = 500;
    private static final int BURST = 50;

    private final Kind kind;
    private final Random random;
    private final RespClient client;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private final AtomicLong written = new AtomicLong();

    private LoadWriter(LocalServer server, Kind kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed);
        this.client = server.connect();
    }

    public static LoadWriter start(LocalServer server, Kind kind, long seed) {
        LoadWriter writer = new LoadWriter(server, kind, seed);
        Thread thread = new Thread(writer::run, "load-writer-" + seed);
        thread.setDaemon(true);
        thread.start();
        return writer;
    }

    /** Commands that the server has answered. Any thread. */
    public long written() {
        return written.get();
    }

    /** Ends after the burst that is under way, and throws what went wrong in any of them. */
    @Override
    public void close() throws IOException {
        stopping = true;
        try {
            ended.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError("The writer of " + kind + " commands failed", e.getCause());
        } finally {
            client.close();
        }
    }

    private void run() {
        try {
            while (!stopping) {
                for (int i = 0; i < BURST; i++) {
                    if (kind == Kind.STATING) {
                        state();
                    } else {
                        build();
                    }
                }
                for (int i = 0; i < BURST; i++) {
                    if (client.receive() instanceof ErrorReply error) {
                        throw new IOException(error.message());
                    }
                }
                written.addAndGet(BURST);
            }
            ended.complete(null);
        } catch (IOException | RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private void state() throws IOException {
        int n = random.nextInt(KEYS);
        switch (random.nextInt(9)) {
            case 0 -> client.send("SET", "state:s:" + n, bytes());
            case 1 -> client.send("SET", "state:s:" + n, bytes(), "PX", 3_600_000 + n);
            case 2 -> client.send("HSET", "state:h:" + n, "f" + random.nextInt(20), bytes());
            case 3 -> client.send("SADD", "state:set:" + n, random.nextInt(50));
            case 4 -> client.send("SREM", "state:set:" + n, random.nextInt(50));
            case 5 -> client.send("ZADD", "state:z:" + n, random.nextDouble(), "m" + random.nextInt(30));
            case 6 -> client.send("DEL", "state:s:" + n, "state:h:" + n);
            case 7 -> client.send("PEXPIRE", "state:z:" + n, 7_200_000 + n);
            default -> client.send("MSET", "state:a:" + n, bytes(), "state:b:" + n, bytes());
        }
    }

    private void build() throws IOException {
        int n = random.nextInt(KEYS);
        switch (random.nextInt(10)) {
            case 0 -> client.send("INCR", "build:i:" + n);
            case 1 -> client.send("INCRBYFLOAT", "build:f:" + n, "0.5");
            case 2 -> client.send("APPEND", "build:a:" + n % 20, "x");
            case 3 -> client.send("RPUSH", "build:l:" + n, bytes(), "y");
            case 4 -> client.send("LPOP", "build:l:" + n);
            case 5 -> client.send("RPOPLPUSH", "build:l:" + n, "build:l:" + n);
            case 6 -> client.send("ZINCRBY", "build:z:" + n, "1.25", "m");
            case 7 -> client.send("SPOP", "build:s:" + n);
            case 8 -> client.send("SADD", "build:s:" + n, random.nextInt());
            default ->
                client.send(
                        "EVAL",
                        "redis.call('INCR', KEYS[1]); redis.call('LPUSH', KEYS[2], ARGV[1])",
                        2,
                        "build:i:" + n,
                        "build:l:" + n,
                        n);
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }
}
