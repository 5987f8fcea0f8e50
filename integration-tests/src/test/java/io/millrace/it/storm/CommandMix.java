package io.millrace.it.storm;

import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.util.Random;

/**
 * Commands drawn from a seed, most of which leave something else when they are applied twice, not at all, or in another
 * order. Keys of one command share a hash tag. Belongs to one thread.
 */
final class CommandMix {

    private static final int TAGS = 150;
    private static final int BIG = 150_000;
    private static final int COMMANDS_A_FLUSH = 60_000;
    private static final int COMMANDS_A_BIG_VALUE = 3_000;
    private static final String TWO_KEYS = "local n = redis.call('INCR', KEYS[1]); redis.call('RPUSH', KEYS[2], n);"
            + " if n % 7 == 0 then redis.call('LTRIM', KEYS[2], -20, -1) end; return n";

    private final Random random;
    private final int databases;
    private final boolean anyExpiry;
    private RespClient client;
    private int sent;

    /**
     * @param databases how many databases are written to
     * @param anyExpiry whether any key may be given a short time to live. Otherwise only those have it that no command
     *     renews, keeps or takes from: a key that expires at the destination before the log says so is gone for what
     *     follows in the log
     */
    CommandMix(long seed, int databases, boolean anyExpiry) {
        this.random = new Random(seed);
        this.databases = databases;
        this.anyExpiry = anyExpiry;
    }

    /** Ends what would end by itself soon; the number of replies to come. */
    int last(RespClient to) throws IOException {
        client = to;
        sent = 0;
        for (int database = 0; database < databases; database++) {
            if (databases > 1) {
                send("SELECT", database);
            }
            for (int tag = 0; tag < TAGS; tag++) {
                send("DEL", "brief:{" + tag + "}");
            }
        }
        return sent;
    }

    /** Sends one command, or a few that belong together; the number of replies to come. */
    int next(RespClient to) throws IOException {
        client = to;
        sent = 0;
        if (databases > 1 && random.nextInt(40) == 0) {
            send("SELECT", random.nextInt(databases));
        }
        if (random.nextInt(COMMANDS_A_FLUSH) == 0) {
            send("FLUSHDB");
        } else if (random.nextInt(COMMANDS_A_BIG_VALUE) == 0) {
            big();
        } else {
            draw("{" + random.nextInt(TAGS) + "}");
        }
        return sent;
    }

    private void draw(String tag) throws IOException {
        switch (random.nextInt(8)) {
            case 0, 1 -> strings(tag);
            case 2, 3 -> lists(tag);
            case 4 -> sets(tag);
            case 5 -> hashesAndStreams(tag);
            case 6 -> sorted(tag);
            default -> keys(tag);
        }
    }

    private void strings(String tag) throws IOException {
        switch (random.nextInt(10)) {
            case 0, 1 -> send("INCR", "count:" + tag);
            case 2 -> send("INCRBYFLOAT", "float:" + tag, "0.125");
            case 3, 4 -> send("APPEND", "text:" + tag, text());
            case 5 -> send("SETRANGE", "text:" + tag, random.nextInt(200), text());
            case 6 -> send("BITFIELD", "bits:" + tag, "INCRBY", "u8", "#" + random.nextInt(16), 3);
            case 7 -> send("GETSET", "text:" + tag, text());
            case 8 -> send("PFADD", "distinct:" + tag, random.nextInt(100_000));
            default -> send("SET", "count:" + tag, random.nextInt(1000), "PX", millis());
        }
    }

    private void lists(String tag) throws IOException {
        switch (random.nextInt(9)) {
            case 0, 1 -> send("RPUSH", "list:" + tag, text(), random.nextInt(10));
            case 2 -> send("LPUSH", "other:" + tag, random.nextInt(10));
            case 3 -> send("LPOP", "list:" + tag);
            case 4 -> send("RPOP", "other:" + tag);
            case 5 -> send("LMOVE", "list:" + tag, "other:" + tag, "LEFT", "RIGHT");
            case 6 -> send("LINSERT", "list:" + tag, "BEFORE", random.nextInt(10), text());
            case 7 -> send("LTRIM", "list:" + tag, 0, 60);
            default -> send("EVAL", TWO_KEYS, 2, "count:" + tag, "other:" + tag);
        }
    }

    private void sets(String tag) throws IOException {
        switch (random.nextInt(5)) {
            case 0, 1 -> send("SADD", "set:" + tag, random.nextInt(1000), random.nextInt(1000));
            case 2 -> send("SPOP", "set:" + tag);
            case 3 -> send("SPOP", "set:" + tag, 2);
            default -> send("SMOVE", "set:" + tag, "members:" + tag, random.nextInt(1000));
        }
    }

    private void hashesAndStreams(String tag) throws IOException {
        switch (random.nextInt(6)) {
            case 0, 1 -> send("HINCRBY", "hash:" + tag, "f" + random.nextInt(10), 1);
            case 2 -> send("HINCRBYFLOAT", "hash:" + tag, "g" + random.nextInt(4), "0.5");
            case 3, 4 -> send("XADD", "stream:" + tag, "MAXLEN", 50, "*", "n", random.nextInt());
            default -> send("HDEL", "hash:" + tag, "f" + random.nextInt(10));
        }
    }

    private void sorted(String tag) throws IOException {
        switch (random.nextInt(4)) {
            case 0, 1 -> send("ZINCRBY", "sorted:" + tag, "1.5", "m" + random.nextInt(20));
            case 2 -> send("ZPOPMIN", "sorted:" + tag);
            default -> send("ZUNIONSTORE", "union:" + tag, 2, "sorted:" + tag, "union:" + tag);
        }
    }

    private void keys(String tag) throws IOException {
        switch (random.nextInt(12)) {
            case 0 -> send("RENAME", "text:" + tag, "renamed:" + tag);
            case 1 -> send("RENAME", "list:" + tag, "other:" + tag);
            case 2 -> send("PEXPIRE", "hash:" + tag, millis());
            case 3 -> send("PEXPIRE", "list:" + tag, millis());
            case 4 -> send("DEL", "text:" + tag, "other:" + tag);
            case 5 -> send("PERSIST", "hash:" + tag);
            case 6 -> send("COPY", "list:" + tag, "copy:" + tag, "REPLACE");
            case 7 -> acrossSlots(tag);
            case 8 -> send("SET", "brief:" + tag, random.nextInt(1000), "PX", briefly());
            case 9 -> send(random.nextBoolean() ? "INCR" : "DECR", "brief:" + tag);
            default -> pair();
        }
    }

    /** Both are written together, always by the same command: whoever sees one without the other sees a torn transaction. */
    private void pair() throws IOException {
        int n = random.nextInt(Pairs.COUNT);
        send("SELECT", 0);
        send("MULTI");
        boolean delete = random.nextInt(100) == 0;
        for (String key : Pairs.keys(n)) {
            if (delete) {
                send("DEL", key);
            } else {
                send("INCR", key);
            }
        }
        send("EXEC");
    }

    private void acrossSlots(String tag) throws IOException {
        send("MULTI");
        send("INCR", "count:" + tag);
        send("RPUSH", "list:{" + random.nextInt(TAGS) + "}", random.nextInt(10));
        send("EXEC");
    }

    /** Larger than a record. */
    private void big() throws IOException {
        byte[] value = new byte[BIG];
        random.nextBytes(value);
        String tag = "{" + random.nextInt(TAGS) + "}";
        if (random.nextBoolean()) {
            send("SET", "big:" + tag, value);
        } else {
            send("APPEND", "big:{0}", value);
            send("PEXPIRE", "big:{0}", millis());
        }
    }

    private void send(Object... command) throws IOException {
        client.send(command);
        sent++;
    }

    private byte[] text() {
        byte[] bytes = new byte[1 + random.nextInt(30)];
        random.nextBytes(bytes);
        return bytes;
    }

    private int millis() {
        return anyExpiry && random.nextBoolean() ? briefly() : 3_600_000 + random.nextInt(1_000_000);
    }

    private int briefly() {
        return 50 + random.nextInt(2_000);
    }
}
