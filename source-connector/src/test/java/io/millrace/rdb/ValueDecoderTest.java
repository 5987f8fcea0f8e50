package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.rdb.ValueDecoder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueDecoderTest {

    private final ValueDecoder decoder = new ValueDecoder();

    @Test
    void everyDamageToAPayloadIsAnError() throws Exception {
        Contents contents = contents();
        Random random = new Random(5);
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            byte[] good = entry.getValue();
            for (int round = 0; round < 20; round++) {
                byte[] bad = good.clone();
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> decoder.decode(bad)).isInstanceOf(RdbFormatException.class);
                byte[] cut = Arrays.copyOf(good, random.nextInt(good.length));
                assertThatThrownBy(() -> decoder.decode(cut)).isInstanceOf(RdbFormatException.class);
            }
        }
    }

    /** What a source with a fault of its own would seal with a right CRC: an error, or another value, of our decoders. */
    @Test
    void damageBelowARightChecksumIsAnErrorOfTheOneKind() throws Exception {
        Contents contents = contents();
        Random random = new Random(6);
        for (byte[] good : contents.payloads.values()) {
            for (int round = 0; round < 60; round++) {
                byte[] bad = good.clone();
                bad[1 + random.nextInt(bad.length - 1 - DumpPayload.FOOTER)] ^= (byte) (1 << random.nextInt(8));
                DumpPayload.seal(bad, contents.version);
                try {
                    assertThat(DumpValue.of(bad).decode()).isNotNull();
                } catch (RdbFormatException e) {
                    assertThat(e.position()).isBetween(0L, (long) bad.length);
                }
            }
        }
    }

    @Test
    void repeatedFieldNamesAndInfiniteScoresSurvive() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            client.call("XADD", "stream", "1-1", "same", "1", "same", "2");
            client.call("ZADD", "zset", "inf", "a", "-inf", "b");
            assertThat(Texts.of(decoder.decode((byte[]) client.call("DUMP", "stream"))
                            .orElseThrow()))
                    .startsWith("stream 1-1:[same, 1, same, 2] last 1-1");
            Value.ZsetValue zset = (Value.ZsetValue)
                    decoder.decode((byte[]) client.call("DUMP", "zset")).orElseThrow();
            assertThat(zset.members())
                    .extracting(Value.ScoredMember::score)
                    .containsExactlyInAnyOrder(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }
    }

    @Test
    void theScansPayloadsOfAnOldServerAreDecodedByTheirOwnVersion() throws Exception {
        byte[] payload = new RdbBytes("")
                .bytes(22)
                .number(1)
                .string("f")
                .string("v")
                .longLittleEndian(1_700_000_000_000L)
                .raw(new byte[DumpPayload.FOOTER])
                .open();
        DumpPayload.seal(payload, 80);
        assertThat(Texts.of(decoder.decode(payload).orElseThrow())).isEqualTo("hash [f=v@1700000000000]");
        DumpPayload.seal(payload, 11);
        assertThatThrownBy(() -> decoder.decode(payload))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("value type 22 is not known in version 11");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 10})
    void somethingTooShortIsNoPayload(int length) {
        assertThatThrownBy(() -> decoder.decode(new byte[length]))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("only " + length + " bytes");
    }

    private static Contents contents() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard())) {
            Keyspace.fill(server);
            return EveryVersionTest.read(EveryVersionTest.snapshot(server), RdbLimits.DEFAULT);
        }
    }
}
