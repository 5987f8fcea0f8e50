package io.millrace.it.recorded;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Makes the RDBs of the recordings, by hand: {@code RecordingMain src/test/resources/io/millrace/it/recorded}. They are of
 * servers that write the same types and encodings, with the head of the version:
 *
 * <ul>
 *   <li>5.0, RDB 9: Redis 6.0 (ziplists, intsets, streams of the first type).
 *   <li>7.2, RDB 11: Valkey 8.1 (sets as listpacks, the third type of streams).
 *   <li>7.4, RDB 12: Redis 8.0 (hashes with expiring fields).
 * </ul>
 *
 * <p>The head: the magic, redis-ver, redis-bits, ctime, used-mem, then what a full synchronisation adds (rdb.c,
 * rdbSaveInfoAuxFields): repl-stream-db, repl-id, repl-offset, and aof-preamble, which 7.0 calls aof-base.
 */
final class RecordingMain {

    private static final int AUX = 0xfa;

    private RecordingMain() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        write(directory, Recording.REDIS_5_0, ServerVersion.REDIS_6_0, 9);
        write(directory, Recording.REDIS_7_2, ServerVersion.VALKEY_8_1, 11);
        write(directory, Recording.REDIS_7_4, ServerVersion.REDIS_8_0, 12);
    }

    private static void write(Path directory, Recording recording, ServerVersion standIn, int rdbVersion)
            throws IOException {
        try (LocalServer server = LocalServer.start(standIn);
                RespClient client = server.connect()) {
            fill(client, standIn);
            client.call("SAVE");
            byte[] rdb = Files.readAllBytes(server.directory().resolve("dump.rdb"));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ascii(String.format(Locale.ROOT, "REDIS%04d", rdbVersion)));
            aux(out, "redis-ver", recording.version());
            aux(out, "redis-bits", "64");
            aux(out, "ctime", "1700000000");
            aux(out, "used-mem", "1000000");
            aux(out, "repl-stream-db", "0");
            aux(out, "repl-id", "8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb");
            aux(out, "repl-offset", "1");
            aux(out, rdbVersion < 10 ? "aof-preamble" : "aof-base", "0");
            int body = afterHead(rdb);
            out.write(rdb, body, rdb.length - Long.BYTES - body);
            // A checksum of 0 says that there is none (rdbchecksum no).
            out.writeBytes(new byte[Long.BYTES]);
            Files.write(directory.resolve(recording.name() + ".rdb"), out.toByteArray());
        }
    }

    private static void fill(RespClient client, ServerVersion version) throws IOException {
        String noise = "0123456789".repeat(30);
        for (String[] command : List.of(
                new String[] {"SET", "snap:string:raw", "a plain value"},
                new String[] {"SET", "snap:string:int", "1000000"},
                new String[] {"SET", "snap:string:compressed", noise},
                new String[] {"SET", "snap:expiring", "v"},
                new String[] {"PEXPIREAT", "snap:expiring", "4102444800123"},
                new String[] {"SET", "snap:expired", "v"},
                new String[] {"SET", "snap:evicted", "v"},
                new String[] {"SADD", "snap:set:text", "a", "b", "x", "y", noise},
                new String[] {"SADD", "snap:set:short", "a", "b", "x", "y"},
                new String[] {"SADD", "snap:set:ints", "1", "2", "3", "-70000"},
                new String[] {"RPUSH", "snap:list", "1", "two", noise, "-5"},
                new String[] {"ZADD", "snap:zset", "1", "a", "2.5", "b", "-inf", "x"},
                new String[] {"ZADD", "snap:zset:large", "1", noise, "1e300", "b"},
                new String[] {"HSET", "snap:hash", "f1", "old", "f3", "kept"},
                new String[] {"HSET", "snap:hash:large", "f", noise, "g", "7"},
                new String[] {"XADD", "snap:stream", "1600000000000-0", "f", "1", "g", "2"},
                new String[] {"XADD", "snap:stream", "1600000000001-0", "f", "3", "g", "4"},
                new String[] {"XADD", "snap:stream", "1600000000002-0", "other", noise},
                new String[] {"XGROUP", "CREATE", "snap:stream", "group", "0"},
                new String[] {"XREADGROUP", "GROUP", "group", "carol", "COUNT", "2", "STREAMS", "snap:stream", ">"},
                new String[] {"XREADGROUP", "GROUP", "group", "idle", "COUNT", "1", "STREAMS", "snap:stream", "0"},
                new String[] {"XACK", "snap:stream", "group", "1600000000000-0"},
                new String[] {"XDEL", "snap:stream", "1600000000001-0"},
                new String[] {"SELECT", "3"},
                new String[] {"SET", "snap:three", "v"},
                new String[] {"SELECT", "6"},
                new String[] {"SET", "snap:six", "swapped"},
                new String[] {"SELECT", "0"})) {
            client.call((Object[]) command);
        }
        if (version.hasHashFieldExpiry()) {
            for (String hash : List.of("snap:fields", "snap:fields:large")) {
                client.call("HSET", hash, "plain", "1", "late", "2", "soon", "3");
                client.call("HPEXPIREAT", hash, "4102444811000", "FIELDS", "1", "late");
                client.call("HPEXPIREAT", hash, "4102444822000", "FIELDS", "1", "soon");
            }
            client.call("HSET", "snap:fields:large", "long", noise);
        }
    }

    /** Behind the magic and all AUX fields. */
    private static int afterHead(byte[] rdb) {
        int at = 9;
        while ((rdb[at] & 0xff) == AUX) {
            at = afterString(rdb, afterString(rdb, at + 1));
        }
        return at;
    }

    /** A short length, or one of the three integer encodings: AUX fields have no others. */
    private static int afterString(byte[] rdb, int at) {
        int head = rdb[at] & 0xff;
        return switch (head >> 6) {
            case 0 -> at + 1 + head;
            case 3 -> at + 1 + (1 << (head & 3));
            default -> throw new IllegalStateException("a string of another form at " + at);
        };
    }

    private static void aux(ByteArrayOutputStream out, String name, String value) {
        out.write(AUX);
        for (String text : Arrays.asList(name, value)) {
            out.write(text.length());
            out.writeBytes(ascii(text));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
