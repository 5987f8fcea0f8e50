package io.millrace.source;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/** Writes what must not be lost and not be done twice: counters, lists, transactions over databases, large elements. */
final class BuildingLoad {

    private static final int PER_ROUND = 8;

    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private Thread thread;
    private int number;

    /** Writes so many rounds of 10 changes, on a thread of its own. */
    void begin(LocalServer server, int rounds) {
        thread = new Thread(() -> write(server, rounds), "load");
        thread.start();
    }

    private void write(LocalServer server, int rounds) {
        try (RespClient client = server.connect()) {
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < PER_ROUND; i++) {
                    send(client, i);
                }
                client.send("SELECT", Integer.toString(round % 3));
                client.flush();
                for (int i = 0; i < PER_ROUND + 7; i++) {
                    Object reply = client.receive();
                    if (reply instanceof RespClient.ErrorReply error) {
                        throw new IOException(error.message());
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.set(e);
        }
    }

    private void send(RespClient client, int i) throws IOException {
        String next = Integer.toString(number++);
        switch (i) {
            case 0, 1 -> client.send("INCR", "counter");
            case 2 -> client.send("RPUSH", "list", next);
            case 3 -> client.send("SET", "state", next);
            case 4 -> {
                client.send("MULTI");
                client.send("SELECT", "1");
                client.send("RPUSH", "pairs", next);
                client.send("SELECT", "2");
                client.send("RPUSH", "pairs", next);
                client.send("SELECT", "0");
                client.send("INCR", "pairs:count");
                client.send("EXEC");
            }
            case 5 -> client.send("RPUSH", "large", number % 100 == 6 ? large() : next);
            default -> client.send("INCR", "other:" + i);
        }
    }

    /** Does not compress. */
    private byte[] large() {
        byte[] bytes = new byte[70_000];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /** Waits until all is written; fails if the server was lost. */
    void end() throws Exception {
        thread.join();
        if (failure.get() != null) {
            throw failure.get();
        }
    }
}
