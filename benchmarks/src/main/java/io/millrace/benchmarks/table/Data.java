package io.millrace.benchmarks.table;

import io.millrace.redis.local.RespClient;
import java.io.IOException;

/** What a source is filled with. */
final class Data {
    private static final int FIELDS = 50;
    private static final int ELEMENTS = 500;
    private static final int ENTRIES = 100;
    private static final int WINDOW = 200;

    private Data() {}

    /** So many strings of one size; the server makes them itself. */
    static long strings(RespClient client, int keys, int bytes) throws IOException {
        client.call("DEBUG", "POPULATE", keys, "key", bytes);
        return keys;
    }

    /**
     * Hashes of 50 fields, and a fifth as many lists and sorted sets of 500 elements, a tenth as many streams of 100 entries.
     *
     * @return how many keys that is
     */
    static long mixed(RespClient client, int hashes) throws IOException {
        int lists = hashes / 5;
        int streams = hashes / 10;
        Writer writer = new Writer(client);
        for (int i = 0; i < hashes; i++) {
            Object[] command = new Object[2 + 2 * FIELDS];
            command[0] = "HSET";
            command[1] = "hash:" + i;
            for (int field = 0; field < FIELDS; field++) {
                command[2 + 2 * field] = "field:" + field;
                command[3 + 2 * field] = "value:" + i + ":" + field;
            }
            writer.write(command);
        }
        for (int i = 0; i < lists; i++) {
            Object[] push = new Object[2 + ELEMENTS];
            Object[] add = new Object[2 + 2 * ELEMENTS];
            push[0] = "RPUSH";
            push[1] = "list:" + i;
            add[0] = "ZADD";
            add[1] = "zset:" + i;
            for (int element = 0; element < ELEMENTS; element++) {
                push[2 + element] = "element:" + i + ":" + element;
                add[2 + 2 * element] = element * 1.5;
                add[3 + 2 * element] = "member:" + i + ":" + element;
            }
            writer.write(push);
            writer.write(add);
        }
        for (int i = 0; i < streams; i++) {
            for (int entry = 1; entry <= ENTRIES; entry++) {
                writer.write("XADD", "stream:" + i, entry + "-0", "sensor", "s" + i, "value", "v" + entry);
            }
        }
        writer.drain();
        return hashes + 2L * lists + streams;
    }

    private static final class Writer {
        private final RespClient client;
        private int open;

        Writer(RespClient client) {
            this.client = client;
        }

        void write(Object... command) throws IOException {
            client.send(command);
            if (++open == WINDOW) {
                drain();
            }
        }

        void drain() throws IOException {
            client.flush();
            for (; open > 0; open--) {
                if (client.receive() instanceof RespClient.ErrorReply error) {
                    throw new BenchmarkFailure("The source refused the data: " + error.message());
                }
            }
        }
    }
}
