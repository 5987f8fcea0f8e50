package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.rdb.ValueDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * RDBs as versions write them of which no server can be had here, made from those of a server that has the same encodings:
 *
 * <ul>
 *   <li>4.0 (RDB 8) and 5.0 (RDB 9): Redis 6.0 writes the same ziplists, quicklists, intsets and streams; 4.0 has no streams.
 *   <li>7.2 (RDB 11): Valkey 8.1, which comes from 7.2 and has kept its RDB version.
 *   <li>7.4 (RDB 12): Redis 8.0, whose only new type is the vector set.
 * </ul>
 *
 * <p>redis-replicator reads them, too, and a real newer server loads them.
 */
class OldVersionsTest {

    private static final int MAGIC = 9;

    @ParameterizedTest
    @CsvSource({"4.0.14,8,REDIS_6_0", "5.0.14,9,REDIS_6_0", "7.2.5,11,VALKEY_8_1", "7.4.1,12,REDIS_8_0"})
    void whatItsVersionWritesIsRead(String version, int rdbVersion, ServerVersion standIn) throws Exception {
        assumeTrue(standIn.available().isPresent(), standIn::unavailableMessage);
        byte[] rdb = as(version, rdbVersion, written(standIn, rdbVersion));
        Contents contents = EveryVersionTest.read(rdb, RdbLimits.DEFAULT);
        assertThat(contents.version).isEqualTo(rdbVersion);
        assertThat(contents.aux).containsEntry("redis-ver", version);
        assertThat(contents.ended && contents.checksummed).isTrue();
        assertThat(contents.keys).hasSizeGreaterThan(40);
        ValueDecoder oracle = new ValueDecoder();
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            assertThat(Texts.of(DumpValue.of(entry.getValue()).decode()))
                    .as("%s", entry.getKey())
                    .isEqualTo(Texts.of(oracle.decode(entry.getValue()).orElseThrow()));
        }
        ServerVersion newer = rdbVersion < 10 ? ServerVersion.REDIS_7_0 : standIn;
        assertThat(texts(EveryVersionTest.read(loaded(newer, rdb), RdbLimits.DEFAULT)))
                .isEqualTo(texts(contents));
    }

    /** The RDB of the stand-in, without the types that the version lacks. */
    private static byte[] written(ServerVersion standIn, int rdbVersion) throws Exception {
        try (LocalServer server = LocalServer.start(standIn);
                RespClient client = server.connect()) {
            Keyspace.fill(server);
            client.call("DEL", "vectors");
            if (rdbVersion < 9) {
                client.call("DEL", "stream:long", "stream:shapes", "stream:empty", "stream:emptied");
            }
            return EveryVersionTest.snapshot(server);
        }
    }

    /** The same with the magic and the version of another server. */
    private static byte[] as(String version, int rdbVersion, byte[] rdb) {
        int at = MAGIC + 1;
        at += 1 + rdb[at];
        at += 1 + rdb[at];
        RdbBytes head = new RdbBytes(String.format(Locale.ROOT, "REDIS%04d", rdbVersion))
                .bytes(RdbType.OPCODE_AUX)
                .string("redis-ver")
                .string(version);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.open());
        out.write(rdb, at, rdb.length - Long.BYTES - at);
        byte[] all = out.toByteArray();
        byte[] crc = new RdbBytes("")
                .longLittleEndian(Crc64.update(0, all, 0, all.length))
                .open();
        byte[] whole = Arrays.copyOf(all, all.length + crc.length);
        System.arraycopy(crc, 0, whole, all.length, crc.length);
        return whole;
    }

    /** What a server writes that has loaded the RDB from its file. */
    private static byte[] loaded(ServerVersion version, byte[] rdb) throws Exception {
        try (LocalServer server = LocalServer.start(version)) {
            server.kill9();
            Files.write(server.directory().resolve("dump.rdb"), rdb);
            server.start();
            assertThat(new String((byte[]) server.command("INFO", "keyspace"), StandardCharsets.UTF_8))
                    .contains("db0:keys=");
            return EveryVersionTest.snapshot(server);
        }
    }

    /** Values by key; of streams the entries alone, as a newer server adds what an older one does not say. */
    private static Map<String, String> texts(Contents contents) throws Exception {
        Map<String, String> texts = new java.util.TreeMap<>();
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            String text = Texts.of(DumpValue.of(entry.getValue()).decode());
            int end = text.startsWith("stream") ? text.indexOf(" first ") : text.length();
            texts.put(entry.getKey() + " " + contents.keys.get(entry.getKey()).expireAt(), text.substring(0, end));
        }
        return texts;
    }
}
