package io.millrace.slot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Node;
import io.millrace.client.NodeConnector;
import io.millrace.endpoint.Address;
import io.millrace.endpoint.RedisEndpoint;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.ServerVersion;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashSlotTest {

    /** From the Redis Cluster specification (CRC16 of "123456789" is 0x31c3) and CLUSTER KEYSLOT of a server. */
    @ParameterizedTest
    @CsvSource({
        "123456789,12739",
        "foo,12182",
        "somekey,11058",
        "foo{hash_tag},2515",
        "bar{hash_tag},2515",
        "foo{}{bar},8363",
        "foo{{bar}}zap,4015",
        "foo{bar}{zap},5061",
        "'',0"
    })
    void knownAnswers(String key, int slot) {
        assertThat(HashSlot.of(key.getBytes(US_ASCII))).isEqualTo(slot);
    }

    @Property
    void aPartOfAnArrayIsHashedAsItsCopy(@ForAll byte[] before, @ForAll byte[] key, @ForAll byte[] after) {
        byte[] joined = new byte[before.length + key.length + after.length];
        System.arraycopy(before, 0, joined, 0, before.length);
        System.arraycopy(key, 0, joined, before.length, key.length);
        System.arraycopy(after, 0, joined, before.length + key.length, after.length);
        assertThat(HashSlot.of(joined, before.length, key.length))
                .isEqualTo(HashSlot.of(key))
                .isBetween(0, HashSlot.COUNT - 1);
    }

    /** Random binary keys, rich in braces, against the server's own computation. */
    @Test
    void agreesWithClusterKeyslot() {
        Random random = new Random(42);
        try (LocalServer server = LocalServer.of(ServerVersion.standard())
                        .config("cluster-enabled yes")
                        .start();
                Node node = new NodeConnector(RedisEndpoint.standalone(new Address(LocalServer.HOST, server.port())))
                        .openFirst()) {
            for (int i = 0; i < 3_000; i++) {
                byte[] key = new byte[random.nextInt(40)];
                random.nextBytes(key);
                for (int at = 0; at < key.length; at++) {
                    int dice = random.nextInt(8);
                    key[at] = dice == 0 ? (byte) '{' : dice == 1 ? (byte) '}' : key[at];
                }
                Object slot = node.call("CLUSTER".getBytes(US_ASCII), "KEYSLOT".getBytes(US_ASCII), key);
                assertThat((long) HashSlot.of(key)).as("key %s", key).isEqualTo(slot);
            }
        }
    }
}
