package io.millrace.redis.local;

import java.io.IOException;

/** Streams, HyperLogLogs, bitmaps, positions, fields that expire, functions, and vector sets, where the server has them. */
final class SpecialTypes {
    private static final String LIBRARY = """
            #!lua name=millrace_samples
            redis.register_function('samples_echo', function(keys, args) return args[1] end)
            redis.register_function{function_name='samples_get', callback=function(keys, args)
              return redis.call('GET', keys[1])
            end, flags={'no-writes'}}
            """;

    private final KeyWriter writer;
    private final Samples samples;

    SpecialTypes(KeyWriter writer, Samples samples) {
        this.writer = writer;
        this.samples = samples;
    }

    void fill() throws IOException {
        streams();
        sketches();
    }

    private void streams() throws IOException {
        for (int i = 1; i <= 300; i++) {
            writer.write("XADD", "stream:plain", i + "-" + (i % 3), "field", i, "other", samples.noise(i % 40));
        }
        writer.write("XADD", "stream:shapes", "1-1", "a", "1");
        writer.write("XADD", "stream:shapes", "1-2", "b", "1", "c", "2");
        writer.write("XADD", "stream:shapes", "2-0", Samples.everyByte(), Samples.everyByte(), "", "");
        writer.write("XADD", "stream:shapes", "18446744073709551615-1", "last", "millisecond");

        for (int i = 1; i <= 50; i++) {
            writer.write("XADD", "stream:groups", i + "-0", "n", i);
        }
        writer.write("XGROUP", "CREATE", "stream:groups", "workers", "0");
        writer.write("XGROUP", "CREATE", "stream:groups", "tail", "$");
        writer.write("XGROUP", "CREATE", "stream:groups", Samples.everyByte(), "10-0");
        read("workers", "alice", 10);
        read("workers", "bob", 5);
        writer.write("XACK", "stream:groups", "workers", "1-0", "2-0", "12-0");
        writer.write(
                "XCLAIM", "stream:groups", "workers", "bob", 0, "3-0", "TIME", 1_600_000_000_000L, "RETRYCOUNT", 7);
        if (writer.knows("XAUTOCLAIM")) {
            // CREATECONSUMER is of the same release, 6.2.
            writer.write("XGROUP", "CREATECONSUMER", "stream:groups", "workers", "idle");
        }
        // One entry that is pending and one that is not.
        writer.write("XDEL", "stream:groups", "4-0", "40-0");

        for (int i = 1; i <= 200; i++) {
            writer.write("XADD", "stream:trimmed", i + "-0", "n", i);
        }
        writer.write("XTRIM", "stream:trimmed", "MAXLEN", 20);
        writer.write("XDEL", "stream:trimmed", "190-0", "200-0");
        writer.write("XADD", "stream:emptied", "5-5", "gone", "soon");
        writer.write("XDEL", "stream:emptied", "5-5");
        writer.write("XGROUP", "CREATE", "stream:only-group", "g", "$", "MKSTREAM");
        writer.write("XADD", "stream:last-id", "1-0", "n", 1);
        writer.write("XSETID", "stream:last-id", "900-7");
    }

    private void read(String group, String consumer, int count) throws IOException {
        writer.write("XREADGROUP", "GROUP", group, consumer, "COUNT", count, "STREAMS", "stream:groups", ">");
    }

    private void sketches() throws IOException {
        writer.write("PFADD", "hll:empty");
        writer.write("PFADD", "hll:sparse", "a", "b", "c");
        for (int i = 0; i < 200; i++) {
            Object[] command = new Object[52];
            command[0] = "PFADD";
            command[1] = "hll:dense";
            for (int j = 2; j < command.length; j++) {
                command[j] = i * 50 + j;
            }
            writer.write(command);
        }
        for (int i = 0; i < 100; i++) {
            writer.write("SETBIT", "bitmap", samples.below(100_000), 1);
        }
        writer.write("SETBIT", "bitmap:sparse", 8_000_000, 1);
        writer.write("GEOADD", "geo", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania");
        writer.write("GEOADD", "geo", "-180", "-85.05112878", "corner", "180", "85.05112878", "opposite");
    }

    /** Hashes whose fields expire, where the server has them (Redis 7.4, Valkey 9). */
    void expiringFields() throws IOException {
        if (!writer.knows("HPEXPIREAT")) {
            return;
        }
        for (int size : new int[] {2, 600}) {
            String key = "hash:expiring-fields:" + size;
            for (int i = 0; i < size; i++) {
                writer.write("HSET", key, "field " + i, samples.noise(20));
                if (i % 2 == 0) {
                    writer.write("HPEXPIREAT", key, Populator.EXPIRY_BASE + i, "FIELDS", 1, "field " + i);
                }
            }
        }
        writer.write("HSET", "hash:expiring-fields:all", "a", "1", "b", "2");
        writer.write("HPEXPIREAT", "hash:expiring-fields:all", Populator.EXPIRY_BASE, "FIELDS", 2, "a", "b");
    }

    /** A library for the whole server. */
    void functions() throws IOException {
        if (writer.knows("FUNCTION")) {
            writer.write("FUNCTION", "LOAD", "REPLACE", LIBRARY);
        }
    }

    /** Vector sets exist in Redis 8 alone and go to no other server. */
    void vectorSets() throws IOException {
        if (writer.knows("VADD")) {
            for (int i = 0; i < 50; i++) {
                writer.write("VADD", "vector:plain", "VALUES", 3, samples.score(), samples.score(), i, "element " + i);
            }
            writer.write("VADD", "vector:exact", "VALUES", 2, 1, 2, "one", "NOQUANT", "SETATTR", "{\"year\":1984}");
        }
    }
}
