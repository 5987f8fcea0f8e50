package io.millrace.cli.demo;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to a server until it is told to stop, on a thread of its own: all kinds of commands, transactions, scripts, several
 * databases, keys that expire while it writes.
 */
final class DemoWriter implements AutoCloseable {
    private static final int ROUND = 50;
    private static final long REST_MILLIS = 10;
    private static final long CLOSE_MILLIS = 5_000;
    private static final String SCRIPT = "redis.call('INCR', KEYS[1]); return redis.call('RPUSH', KEYS[2], ARGV[1])";

    private final RespClient client;
    private final Random random = new Random(11);
    private final Thread thread = new Thread(this::run, "demo-writer");
    private volatile boolean stopped;
    private volatile IOException failure;
    private final AtomicLong written = new AtomicLong();
    private int inDatabase;

    private DemoWriter(RespClient client) {
        this.client = client;
    }

    static DemoWriter start(LocalServer server) {
        DemoWriter writer = new DemoWriter(server.connect());
        writer.thread.setDaemon(true);
        writer.thread.start();
        return writer;
    }

    /** Commands that the server has answered. */
    long written() {
        return written.get();
    }

    /** Ends after the round that is under way; every command sent has been answered then. */
    void stop() throws InterruptedException, IOException {
        stopped = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() throws IOException {
        stopped = true;
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }

    private void run() {
        try {
            while (!stopped) {
                round();
                TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws IOException {
        int sent = 0;
        for (int i = 0; i < ROUND; i++) {
            sent += step();
        }
        for (int i = 0; i < sent; i++) {
            // Some commands meet a key of another type or none: the server refuses those and propagates nothing.
            client.receive();
        }
        written.addAndGet(sent);
    }

    private int step() throws IOException {
        int n = random.nextInt(500);
        return switch (random.nextInt(16)) {
            case 0 -> one("SET", "live:string:" + n, "value " + random.nextLong());
            case 1 -> one("INCR", "live:counter:" + n % 50) + one("INCRBYFLOAT", "live:float:" + n % 50, "0.25");
            case 2 -> one("SET", "live:short:" + n, n, "PX", 50 + random.nextInt(400));
            case 3 -> one("PEXPIRE", "mixed:" + n, 100_000 + n) + one("PERSIST", "mixed:" + (n + 1));
            case 4 -> one("DEL", "live:string:" + n) + one("UNLINK", "mixed:" + random.nextInt(50_000));
            case 5 -> one("RPUSH", "live:list:" + n % 20, n, n + 1) + one("LTRIM", "live:list:" + n % 20, "-50", "-1");
            case 6 -> one("LMOVE", "live:list:" + n % 20, "live:list:" + (n + 1) % 20, "LEFT", "RIGHT");
            case 7 -> one("SADD", "live:set:" + n % 20, n) + one("SPOP", "live:set:" + (n + 1) % 20);
            case 8 -> one("SUNIONSTORE", "live:union", "live:set:1", "live:set:2");
            case 9 ->
                one("ZADD", "live:zset:" + n % 20, n / 3.0, "m" + n)
                        + one("ZINCRBY", "live:zset:" + n % 20, "1.5", "m" + n);
            case 10 -> one("HSET", "live:hash:" + n % 20, "f" + n, n) + one("HSET", "mixed:" + (5 * n + 3), "late", n);
            case 11 ->
                one("XADD", "live:stream:" + n % 5, "MAXLEN", "1000", "*", "n", n)
                        + one("XADD", "stream:plain", "*", "n", n);
            case 12 -> one("PFADD", "hll:dense", "late visitor " + n) + one("SETBIT", "live:bitmap", n, n & 1);
            case 13 -> transaction(n);
            case 14 ->
                one("EVAL", SCRIPT, "2", "live:counter:script", "live:list:script", n)
                        + one("LTRIM", "live:list:script", "-100", "-1");
            default ->
                one("RENAME", "live:string:" + n, "live:renamed:" + n % 30)
                        + one("COPY", "mixed:" + n, "live:copy:" + n % 30, "REPLACE")
                        + otherDatabase();
        };
    }

    private int transaction(int n) throws IOException {
        return one("MULTI")
                + one("SET", "live:tx:a", n)
                + one("HSET", "live:tx:b", "n", n)
                + one("RPUSH", "live:tx:c", n)
                + one("LTRIM", "live:tx:c", "-10", "-1")
                + one("EXEC");
    }

    private int otherDatabase() throws IOException {
        inDatabase = inDatabase == 0 ? 9 : 0;
        return one("SELECT", inDatabase);
    }

    private int one(Object... command) throws IOException {
        client.send(command);
        return 1;
    }
}
