package io.millrace.redis.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PopulatorTest {
    @ParameterizedTest
    @EnumSource
    void fillsEveryVersionWithEveryTypeAndEncoding(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect()) {
            Populator populator = new Populator(client, 1);
            populator.everyType();
            Set<String> types = new TreeSet<>();
            Set<String> encodings = new TreeSet<>();
            List<?> keys = (List<?>) client.call("KEYS", "*");
            for (Object key : keys) {
                types.add((String) client.call("TYPE", key));
                encodings.add(LocalServerTest.text(client.call("OBJECT", "ENCODING", key)));
            }
            assertThat(types).containsExactly("hash", "list", "set", "stream", "string", "zset");
            assertThat(encodings)
                    .contains("int", "embstr", "raw", "quicklist", "intset", "hashtable", "skiplist", "stream");
            assertThat(encodings).containsAnyOf("listpack", "ziplist");
            assertThat(keys).hasSizeGreaterThan(170);
            assertThat(LocalServerTest.text(client.call("INFO", "keyspace"))).contains("db0:", "db1:", "db9:", "db15:");
            if (version.hasFunctions()) {
                assertThat((List<?>) client.call("FUNCTION", "LIST")).hasSize(1);
            }
            if (version.hasHashFieldExpiry()) {
                assertThat(client.call("HPEXPIRETIME", "hash:expiring-fields:600", "FIELDS", 2, "field 0", "field 1"))
                        .isEqualTo(List.of(Populator.EXPIRY_BASE, -1L));
            }
            populator.vectorSets();
            assertThat(client.call("EXISTS", "vector:plain")).isEqualTo(version.isRedisAtLeast(8, 0) ? 1L : 0L);
        }
    }

    @Test
    void theSameSeedGivesTheSameKeyspace() throws Exception {
        assertThat(digest(7)).isEqualTo(digest(7)).isNotEqualTo(digest(8));
    }

    @Test
    void sizesAreAsAsked() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            Populator populator = new Populator(client, 1);
            populator.strings(2000, 100);
            populator.mixed(1000);
            populator.bigString("big", 9_000_001);
            populator.bigHash("fields", 1234);
            assertThat(client.call("DBSIZE")).isEqualTo(3002L);
            assertThat(client.call("STRLEN", "key:1999")).isEqualTo(100L);
            assertThat(client.call("STRLEN", "big")).isEqualTo(9_000_001L);
            assertThat(client.call("HLEN", "fields")).isEqualTo(1234L);
        }
    }

    // DEBUG DIGEST covers keys, values and whether they expire; not the pending entries' delivery times.
    private static Object digest(long seed) throws Exception {
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .config("enable-debug-command yes")
                        .start();
                RespClient client = server.connect()) {
            new Populator(client, seed).everyType();
            return client.call("DEBUG", "DIGEST");
        }
    }
}
