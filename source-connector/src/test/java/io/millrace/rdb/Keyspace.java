package io.millrace.rdb;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Fills a server with every type and encoding that its version writes, and the boundaries between them. */
public final class Keyspace {

    private static final long FAR = 4_102_444_800_123L;

    private final RespClient client;
    private final ServerVersion version;
    private final Random random = new Random(20);

    private Keyspace(RespClient client, ServerVersion version) {
        this.client = client;
        this.version = version;
    }

    public static void fill(LocalServer server) throws IOException {
        try (RespClient client = server.connect()) {
            Keyspace keyspace = new Keyspace(client, server.version());
            keyspace.strings();
            keyspace.lists();
            keyspace.sets();
            keyspace.sortedSets();
            keyspace.hashes();
            keyspace.streams();
            keyspace.fieldExpiries();
            keyspace.others();
        }
    }

    private void strings() throws IOException {
        run("SET", "string:empty", "");
        for (long n :
                new long[] {0, -1, 127, -128, 128, 32767, -32769, 2147483647L, -2147483648L, 2147483648L, Long.MAX_VALUE
                }) {
            run("SET", "string:int:" + n, n);
        }
        run("SET", "string:nearly-int", "007");
        run("SET", "string:all-bytes", allBytes());
        run("SET", "string:compressible", "a".repeat(5000));
        run("SET", "string:20", "a".repeat(20));
        run("SET", "string:21", "a".repeat(21));
        run("SET", "string:16k", noise(16 * 1024));
        run("SET", "string:mixed", concat(noise(9000), "b".repeat(9000).getBytes(StandardCharsets.UTF_8), noise(900)));
        run("SET", allBytes(), "the key has all bytes");
        run("SET", "", "the key is empty");
        run("SET", "k".repeat(20_000), "the key is long");
        run("SET", "string:expiring", "v", "PX", 100_000_000);
        run("PEXPIREAT", "string:expiring", FAR);
        run("SETRANGE", "string:sparse", 3000, "x");
        run("PFADD", "hyperloglog", "a", "b", "c");
        run("SETBIT", "bitmap", 70_000, 1);
        run("SELECT", 1);
        run("SET", "in:1", "one");
        run("SELECT", 15);
        run("RPUSH", "in:15", "x");
        run("SELECT", 0);
    }

    private void lists() throws IOException {
        run("RPUSH", "list:one", "x");
        run(
                "RPUSH",
                "list:ints",
                0,
                12,
                13,
                -1,
                127,
                128,
                -4096,
                4095,
                32767,
                -32768,
                8388607,
                -8388608,
                8388608,
                2147483647L,
                2147483648L,
                Long.MIN_VALUE,
                Long.MAX_VALUE);
        run(
                "RPUSH",
                "list:lengths",
                "",
                "a".repeat(63),
                "a".repeat(64),
                "b".repeat(4095),
                "c".repeat(4096),
                "d".repeat(16_383));
        run("RPUSH", "list:binary", allBytes(), "", allBytes());
        run("RPUSH", "list:plain", "before", noise(20_000), "after");
        for (int i = 0; i < 2000; i++) {
            client.send("RPUSH", "list:long", i % 3 == 0 ? Integer.toString(i * 7919) : "element-" + i);
        }
        receive(2000);
        run("PEXPIREAT", "list:long", FAR);
    }

    private void sets() throws IOException {
        run("SADD", "set:int16", 1, 2, -3);
        run("SADD", "set:int32", 1, 70_000, -70_000);
        run("SADD", "set:int64", 1, Long.MAX_VALUE, Long.MIN_VALUE);
        run("SADD", "set:small", "a", "b", "7", allBytes());
        run("SADD", "set:large-member", "a", noise(300));
        for (int i = 0; i < 700; i++) {
            client.send("SADD", "set:large", "member-" + i);
            client.send("SADD", "set:many-ints", i);
        }
        receive(1400);
    }

    private void sortedSets() throws IOException {
        String[] scores = {
            "0",
            "-0",
            "1",
            "-1",
            "1.5",
            "3.0000000000000004",
            "1e-300",
            "1.7976931348623157e308",
            "4.9e-324",
            "inf",
            "-inf",
            "9007199254740993",
            "123456789.123"
        };
        for (String key : List.of("zset:small", "zset:large")) {
            for (String score : scores) {
                run("ZADD", key, score, "m" + score);
            }
        }
        run("ZADD", "zset:large", 5, noise(200));
        for (int i = 0; i < 500; i++) {
            client.send("ZADD", "zset:large", i / 7.0, "member-" + i);
        }
        receive(500);
        run("ZADD", "zset:int-members", 1, 100, 2, 200, 3, -1);
        run("GEOADD", "geo", 13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania");
    }

    private void hashes() throws IOException {
        run("HSET", "hash:small", "f", "v", "", "", "n", 42, "bytes", allBytes());
        run("HSET", "hash:large-value", "f", noise(300), "g", "a".repeat(3000));
        for (int i = 0; i < 700; i++) {
            client.send("HSET", "hash:large", "field-" + i, i % 5 == 0 ? Integer.toString(i) : "value-" + i);
        }
        receive(700);
    }

    private void streams() throws IOException {
        for (int i = 1; i <= 350; i++) {
            client.send("XADD", "stream:long", i + "-" + (i % 4), "field", "value-" + i, "n", i);
        }
        receive(350);
        run("XDEL", "stream:long", "5-1", "200-0", "350-2");
        run("XADD", "stream:shapes", "1-1", "a", "1");
        run("XADD", "stream:shapes", "1-2", "a", "2", "b", "3");
        run("XADD", "stream:shapes", "2-0", "same", "1", "same", "2");
        run("XADD", "stream:shapes", "18446744073709551614-18446744073709551615", "", allBytes());
        run("XGROUP", "CREATE", "stream:long", "readers", 0);
        run("XGROUP", "CREATE", "stream:long", "idle", "$");
        run("XREADGROUP", "GROUP", "readers", "alice", "COUNT", 60, "STREAMS", "stream:long", ">");
        run("XREADGROUP", "GROUP", "readers", "bob", "COUNT", 3, "STREAMS", "stream:long", ">");
        run("XACK", "stream:long", "readers", "1-1", "3-3");
        run("XGROUP", "CREATE", "stream:empty", "g", "$", "MKSTREAM");
        run("XADD", "stream:emptied", "7-7", "a", "b");
        run("XDEL", "stream:emptied", "7-7");
        if (version.isRedisAtLeast(8, 6)) {
            run("XADD", "stream:idempotent", "IDMP", "producer", "message-1", "*", "a", "b");
            run("XADD", "stream:idempotent", "IDMP", "producer", "message-2", "*", "a", "c");
        }
    }

    private void fieldExpiries() throws IOException {
        if (!version.hasHashFieldExpiry()) {
            return;
        }
        run("HSET", "hash:expiring-small", "a", "1", "b", "2", "c", "3");
        run("HPEXPIREAT", "hash:expiring-small", FAR, "FIELDS", 2, "a", "c");
        for (int i = 0; i < 600; i++) {
            client.send("HSET", "hash:expiring-large", "field-" + i, "value-" + i);
        }
        receive(600);
        run("HPEXPIREAT", "hash:expiring-large", FAR, "FIELDS", 2, "field-1", "field-99");
        run("HPEXPIREAT", "hash:expiring-large", FAR + 12_345, "FIELDS", 1, "field-7");
    }

    private void others() throws IOException {
        if (version.hasFunctions()) {
            run("FUNCTION", "LOAD", "#!lua name=lib1\nredis.register_function('f1', function() return 1 end)");
            run(
                    "FUNCTION",
                    "LOAD",
                    "#!lua name=lib2\nredis.register_function('f2', function() return '" + "x".repeat(400) + "' end)");
        }
        if (version.isRedisAtLeast(8, 0)) {
            for (int i = 0; i < 50; i++) {
                run("VADD", "vectors", "VALUES", 3, i, i * 0.5, -i, "item-" + i);
            }
        }
    }

    private void run(Object... command) throws IOException {
        client.call(command);
    }

    private void receive(int replies) throws IOException {
        client.flush();
        for (int i = 0; i < replies; i++) {
            client.receive();
        }
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] allBytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[] concat(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }
}
