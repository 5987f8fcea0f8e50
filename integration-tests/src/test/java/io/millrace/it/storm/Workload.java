package io.millrace.it.storm;

import io.millrace.redis.local.LocalServerException;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.RespClient.ErrorReply;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes to whichever is the source's master, at a rate, on a thread of its own. What is lost on the way to a server that
 * dies is lost: the truth is what the source holds in the end.
 */
final class Workload implements AutoCloseable {

    private static final int TICK_MILLIS = 25;
    private static final int TICKS_A_SECOND = 1000 / TICK_MILLIS;

    private final ReplicatedServer source;
    private final Beats beats;
    private final CommandMix commands;
    private final Thread thread;
    private final Map<String, Long> refusals = new TreeMap<>();
    private volatile int rate;
    private volatile boolean stopping;
    private final AtomicLong written = new AtomicLong();

    Workload(ReplicatedServer source, Beats beats, CommandMix commands, int rate) {
        this.source = source;
        this.beats = beats;
        this.rate = rate;
        this.commands = commands;
        this.thread = new Thread(this::run, "workload");
        thread.setDaemon(true);
        thread.start();
    }

    /** Commands a second from now on. */
    void rate(int commandsASecond) {
        rate = commandsASecond;
    }

    int rate() {
        return rate;
    }

    /** Commands that the source has acknowledged. */
    long written() {
        return written.get();
    }

    /** Error replies by their first word; read after {@link #close()}. */
    Map<String, Long> refusals() {
        return refusals;
    }

    private void run() {
        boolean ended = false;
        while (!ended) {
            try (RespClient client = source.connect()) {
                client.call("PING");
                write(client);
                answer(client, commands.last(client));
                ended = true;
            } catch (IOException | LocalServerException gone) {
                // The server is being killed or promoted: the next attempt finds its successor.
                Pause.millis(TICK_MILLIS);
            }
        }
    }

    private void write(RespClient client) throws IOException {
        long next = System.nanoTime();
        while (!stopping) {
            int replies = 0;
            for (int i = 0; i < Math.max(1, rate / TICKS_A_SECOND); i++) {
                replies += commands.next(client);
            }
            replies += beat(client);
            answer(client, replies);
            beats.acknowledged();
            next += TICK_MILLIS * 1_000_000L;
            long early = (next - System.nanoTime()) / 1_000_000;
            if (early > 0) {
                Pause.millis(early);
            } else {
                next = System.nanoTime();
            }
        }
    }

    private int beat(RespClient client) throws IOException {
        client.send("SELECT", 0);
        for (String key : beats.keys()) {
            client.send("SET", key, beats.next());
        }
        return 1 + beats.keys().size();
    }

    private void answer(RespClient client, int replies) throws IOException {
        for (int i = 0; i < replies; i++) {
            read(client.receive());
        }
        written.addAndGet(replies);
    }

    private void read(Object reply) throws IOException {
        if (reply instanceof ErrorReply error) {
            String code = error.message().split(" ", 2)[0];
            refusals.merge(code, 1L, Long::sum);
            if (code.equals("READONLY") || code.equals("LOADING")) {
                throw new IOException(error.message());
            }
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
