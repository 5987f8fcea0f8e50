package io.millrace.redis.local;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a standalone server with data whose keys, values and expiries depend on the seed alone. Keys of a name are written
 * anew; to get the same keyspace twice, start from an empty server. One thread; the connection stays the caller's.
 */
public final class Populator {
    /** Expiries lie at and after 2100-01-01T00:00:00Z: no test outlives them. Milliseconds since the epoch. */
    public static final long EXPIRY_BASE = 4_102_444_800_000L;

    private static final int[] DATABASES = {0, 1, 9, 15};
    private static final int FIELDS_A_COMMAND = 500;

    private final RespClient client;
    private final KeyWriter writer;
    private final long seed;

    public Populator(RespClient client, long seed) {
        this.client = client;
        this.writer = new KeyWriter(client);
        this.seed = seed;
    }

    /**
     * Every data type that the server has, in every encoding, in four databases, with and without expiry, and a function
     * library: about 700 keys and 10 MB. Vector sets are left out: see {@link #vectorSets()}.
     */
    public void everyType() throws IOException {
        for (int database : DATABASES) {
            select(database);
            Samples samples = new Samples(seed + database);
            new PlainTypes(writer, samples).fill();
            SpecialTypes special = new SpecialTypes(writer, samples);
            special.fill();
            expiries(samples);
            // Last: what some versions lack must not shift the random values of the rest.
            special.expiringFields();
        }
        select(0);
        new SpecialTypes(writer, new Samples(seed)).functions();
        writer.drain();
    }

    /** Two vector sets, where the server has them (Redis 8). */
    public void vectorSets() throws IOException {
        new SpecialTypes(writer, new Samples(seed)).vectorSets();
        writer.drain();
    }

    /** Small keys {@code key:0} to {@code key:count-1} with random values of one size, in the selected database. */
    public void strings(int count, int valueBytes) throws IOException {
        Samples samples = new Samples(seed);
        for (int i = 0; i < count; i++) {
            writer.write("SET", "key:" + i, samples.noise(valueBytes));
        }
        writer.drain();
    }

    /** Keys of all plain types in turn, five elements each, every fourth with an expiry. */
    public void mixed(int count) throws IOException {
        Samples samples = new Samples(seed);
        for (int i = 0; i < count; i++) {
            String key = "mixed:" + i;
            switch (i % 5) {
                case 0 -> writer.write("SET", key, samples.noise(100));
                case 1 -> writer.write("RPUSH", key, i, "b", "c", samples.noise(10), "e");
                case 2 -> writer.write("SADD", key, i, "b", "c", samples.noise(10), "e");
                case 3 -> writer.write("HSET", key, "a", i, "b", samples.noise(10), "c", "3", "d", "4", "e", "5");
                default -> writer.write("ZADD", key, samples.score(), "a", 2, "b", 3, "c", 4, "d", 5, "e");
            }
            if (i % 4 == 0) {
                writer.write("PEXPIREAT", key, EXPIRY_BASE + i);
            }
        }
        writer.drain();
    }

    /** One string of this many random bytes, written in ranges. */
    public void bigString(String key, int bytes) throws IOException {
        Samples samples = new Samples(seed);
        int step = 4 << 20;
        for (int offset = 0; offset < bytes; offset += step) {
            writer.write("SETRANGE", key, offset, samples.noise(Math.min(step, bytes - offset)));
            writer.drain();
        }
    }

    /** One hash of this many fields. */
    public void bigHash(String key, int fields) throws IOException {
        for (int from = 0; from < fields; from += FIELDS_A_COMMAND) {
            List<Object> command = new ArrayList<>(List.of("HSET", key));
            for (int i = from; i < Math.min(fields, from + FIELDS_A_COMMAND); i++) {
                command.add("field:" + i);
                command.add("value:" + (i ^ seed));
            }
            writer.write(command.toArray());
        }
        writer.drain();
    }

    private void select(int database) throws IOException {
        writer.drain();
        client.call("SELECT", database);
    }

    private void expiries(Samples samples) throws IOException {
        for (String type : new String[] {"string:int:1", "list:ints:2", "set:text:129", "zset:513", "hash:512"}) {
            writer.write("PEXPIREAT", type, EXPIRY_BASE + samples.below(1_000_000_000));
        }
        writer.write("PEXPIREAT", "stream:plain", EXPIRY_BASE + 1);
        writer.write("PEXPIREAT", "hll:dense", EXPIRY_BASE + 999);
        // Far beyond 2^32 seconds, and the last moment that a double holds exactly.
        writer.write("SET", "expiry:far", "v");
        writer.write("PEXPIREAT", "expiry:far", (1L << 53) - 1);
        for (int i = 0; i < 20; i++) {
            writer.write("SET", "expiry:" + i, i);
            writer.write("PEXPIREAT", "expiry:" + i, EXPIRY_BASE + samples.below(1_000_000));
        }
        writer.drain();
    }
}
