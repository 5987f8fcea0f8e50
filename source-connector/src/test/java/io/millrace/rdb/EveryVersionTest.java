package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.link.LinkSettings;
import io.millrace.source.link.ReplicaLink;
import io.millrace.source.link.SyncStart;
import io.millrace.source.rdb.ValueDecoder;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the servers of every version here write, held against what they say about it themselves. */
class EveryVersionTest {

    private static final RdbLimits WHOLE = RdbLimits.DEFAULT;
    /** So small that nearly everything is taken apart. */
    private static final RdbLimits APART = new RdbLimits(60, 700, true, RdbLimits.DEFAULT.string());

    @ParameterizedTest
    @EnumSource
    void payloadsAreWhatDumpGivesAndRestoreTakes(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer server = LocalServer.start(version)) {
            Keyspace.fill(server);
            byte[] rdb = snapshot(server);
            Contents contents = read(rdb, WHOLE);
            assertThat(contents.ended && contents.checksummed).isTrue();
            assertThat(contents.parts).isZero();
            try (RespClient client = server.connect()) {
                assertKeys(contents, client);
                assertPayloads(contents, client);
                if (version.hasFunctions()) {
                    assertThat(contents.functions).hasSize(2).allMatch(code -> code.startsWith("#!lua name=lib"));
                }
            }
            assertThat(contents.aux).containsKeys("redis-bits", "repl-id", "repl-offset", "repl-stream-db");
            assertDecodersAgree(contents, rdb, version);
        }
    }

    private static void assertKeys(Contents contents, RespClient client) throws Exception {
        long total = 0;
        for (int db : new int[] {0, 1, 15}) {
            client.call("SELECT", db);
            long count = (Long) client.call("DBSIZE");
            assertThat(contents.sizes).containsEntry(db + "", count);
            total += count;
        }
        assertThat(contents.keys).hasSize((int) total);
        for (RdbKey key : contents.keys.values()) {
            client.call("SELECT", key.db());
            assertThat(client.call("TYPE", key.key())).isEqualTo(key.type());
            long left = (Long) client.call("PTTL", key.key());
            if (key.expireAt() < 0) {
                assertThat(left).isEqualTo(-1);
            } else {
                assertThat(key.expireAt()).isEqualTo(4_102_444_800_123L);
                assertThat(left).isPositive();
            }
        }
    }

    private static void assertPayloads(Contents contents, RespClient client) throws Exception {
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            RdbKey key = contents.keys.get(entry.getKey());
            client.call("SELECT", key.db());
            byte[] dump = (byte[]) client.call("DUMP", key.key());
            assertThat(entry.getValue()).as("payload of %s", entry.getKey()).isEqualTo(dump);
            client.call("SELECT", 9);
            assertThat(client.call("RESTORE", key.key(), 0, entry.getValue(), "REPLACE"))
                    .isEqualTo("OK");
            client.call("FLUSHDB");
        }
    }

    /** redis-replicator's decoders, ours on the whole payload, and ours on parts. */
    private static void assertDecodersAgree(Contents contents, byte[] rdb, ServerVersion version) throws Exception {
        Contents apart = read(rdb, APART);
        assertThat(apart.keys.keySet()).isEqualTo(contents.keys.keySet());
        assertThat(apart.parts).isGreaterThan(150);
        ValueDecoder decoder = new ValueDecoder();
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            byte[] payload = entry.getValue();
            if (decoder.decode(payload).isEmpty()) {
                assertThat(entry.getKey()).isEqualTo("0/vectors");
                assertThat(apart.payloads.get(entry.getKey())).isEqualTo(payload);
                continue;
            }
            String decoded = Texts.of(decoder.decode(payload).get());
            assertThat(Texts.of(DumpValue.of(payload).decode()))
                    .as("%s", entry.getKey())
                    .isEqualTo(decoded);
            Value whole = apart.whole.get(entry.getKey());
            if (whole != null) {
                assertThat(Texts.of(whole)).as("%s in parts", entry.getKey()).isEqualTo(decoded);
            }
        }
        assertThat(version.hasHashFieldExpiry()).isEqualTo(contents.keys.containsKey("0/hash:expiring-large"));
    }

    static Contents read(byte[] rdb, RdbLimits limits) throws Exception {
        Contents contents = new Contents();
        RdbReader.read(new ByteArrayInputStream(rdb), limits, contents);
        return contents;
    }

    static byte[] snapshot(LocalServer server) throws Exception {
        try (ReplicaLink link = ReplicaLink.connect(
                () -> new Socket(LocalServer.HOST, server.port()), server.uri(), LinkSettings.DEFAULT, () -> 0)) {
            assertThat(link.sync(null, -1)).isInstanceOf(SyncStart.FullResync.class);
            try (InputStream in = link.snapshot()) {
                return in.readAllBytes();
            }
        }
    }
}
