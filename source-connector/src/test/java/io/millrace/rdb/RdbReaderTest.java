package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Value;
import io.millrace.source.rdb.ValueDecoder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, opcodes and types that no server in the tests writes, and everything that must be refused. */
class RdbReaderTest {

    private static final RdbLimits APART = new RdbLimits(20, 30, true, RdbLimits.DEFAULT.string());

    @Test
    void crcIsTheOneOfRedis() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(Crc64.update(0, digits, 0, 9)).isEqualTo(0xe9c6d914c4b8d9caL);
        byte[] many = new byte[1000];
        new Random(7).nextBytes(many);
        long halves = Crc64.update(Crc64.update(0, many, 0, 333), many, 333, 1000);
        assertThat(Crc64.update(0, many, 0, 1000)).isEqualTo(halves);
    }

    @Test
    void readsTheTypesOfOldVersions() throws Exception {
        byte[] rdb = new RdbBytes("REDIS0006")
                .bytes(RdbType.OPCODE_SELECTDB)
                .number(300)
                .bytes(RdbType.OPCODE_EXPIRETIME, 0x10, 0x27, 0, 0)
                .bytes(RdbType.ZSET)
                .string("zset")
                .number(4)
                .string("a")
                .string("1.25")
                .string("b")
                .bytes(254)
                .string("c")
                .bytes(255)
                .string("d")
                .string("-3")
                .bytes(RdbType.HASH_ZIPMAP)
                .string("zipmap")
                .string(zipmap())
                .bytes(RdbType.LIST)
                .string("list")
                .number(2)
                .string("x")
                .bytes(0xc1, 0x2c, 0x01)
                .end();
        Contents contents = EveryVersionTest.read(rdb, RdbLimits.DEFAULT);
        assertThat(contents.keys).containsOnlyKeys("300/zset", "300/zipmap", "300/list");
        assertThat(contents.keys.get("300/zset").expireAt()).isEqualTo(10_000_000L);
        assertThat(contents.keys.get("300/zipmap").expireAt()).isEqualTo(-1);
        ValueDecoder decoder = new ValueDecoder();
        Value zset = decoder.decode(contents.payloads.get("300/zset")).orElseThrow();
        assertThat(((Value.ZsetValue) zset).members())
                .extracting(Value.ScoredMember::score)
                .containsExactlyInAnyOrder(1.25, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -3.0);
        assertThat(Texts.of(decoder.decode(contents.payloads.get("300/zipmap")).orElseThrow()))
                .isEqualTo("hash [a=1@-1, bb=22@-1]");
        assertThat(Texts.of(decoder.decode(contents.payloads.get("300/list")).orElseThrow()))
                .isEqualTo("list [x, 300]");
        assertThat(Texts.of(EveryVersionTest.read(rdb, APART).whole.get("300/zset")))
                .isEqualTo(Texts.of(zset));
        assertThat(Texts.of(DumpValue.of(contents.payloads.get("300/zipmap")).decode()))
                .isEqualTo("hash [a=1@-1, bb=22@-1]");
    }

    /** Two fields; the first value has three unused bytes behind it. */
    private static byte[] zipmap() {
        return new byte[] {2, 1, 'a', 1, 3, '1', 9, 9, 9, 2, 'b', 'b', 2, 0, '2', '2', (byte) 0xff};
    }

    @Test
    void readsFieldExpiriesOfEveryForm() throws Exception {
        byte[] candidate = new RdbBytes("REDIS0012")
                .bytes(RdbType.HASH_METADATA_PRE_GA)
                .string("h")
                .number(2)
                .number(0)
                .string("f")
                .string("v")
                .number(1_700_000_000_000L)
                .string("g")
                .string("w")
                .bytes(RdbType.HASH_METADATA)
                .string("i")
                .longLittleEndian(1_700_000_000_000L)
                .number(3)
                .number(0)
                .string("f")
                .string("v")
                .number(1)
                .string("g")
                .string("w")
                .number(1001)
                .string("k")
                .string("x")
                .end();
        Contents contents = EveryVersionTest.read(candidate, RdbLimits.DEFAULT);
        assertThat(typed(contents, "0/h")).isEqualTo("hash [f=v@-1, g=w@1700000000000]");
        assertThat(typed(contents, "0/i")).isEqualTo("hash [f=v@-1, g=w@1700000000000, k=x@1700000001000]");
        byte[] valkey = new RdbBytes("VALKEY080")
                .bytes(22)
                .string("h")
                .number(2)
                .string("f")
                .string("v")
                .longLittleEndian(-1)
                .string("g")
                .string("w")
                .longLittleEndian(0)
                .end();
        assertThat(typed(EveryVersionTest.read(valkey, RdbLimits.DEFAULT), "0/h"))
                .isEqualTo("hash [f=v@-1, g=w@0]");
        assertThat(Texts.of(EveryVersionTest.read(valkey, APART).whole.get("0/h")))
                .isEqualTo("hash [f=v@-1, g=w@0]");
    }

    @Test
    void passesOverWhatIsNotAKey() throws Exception {
        long module = moduleId("vectorset", 3);
        byte[] valkey = new RdbBytes("VALKEY080")
                .bytes(RdbType.OPCODE_SLOT_IMPORT)
                .string("j".repeat(40))
                .number(2)
                .number(0)
                .number(100)
                .number(200)
                .number(16_383)
                .bytes(RdbType.OPCODE_SLOT_INFO)
                .number(5)
                .number(6)
                .number(7)
                .bytes(RdbType.OPCODE_MODULE_AUX)
                .number(module)
                .number(2)
                .number(1)
                .bytes(1)
                .number(-5)
                .bytes(5)
                .string("text")
                .bytes(4)
                .doubleLittleEndian(1.5)
                .bytes(3, 0, 0, 0, 0)
                .bytes(0)
                .bytes(RdbType.OPCODE_IDLE)
                .number(77)
                .bytes(RdbType.STRING)
                .string("a")
                .string("1")
                .bytes(RdbType.OPCODE_FREQ, 200)
                .bytes(RdbType.STRING)
                .string("b")
                .string("2")
                .end();
        StringBuilder modules = new StringBuilder();
        Contents contents = new Contents() {
            @Override
            public void moduleAux(String name, long bytes) {
                modules.append(name);
            }
        };
        RdbReader.read(new ByteArrayInputStream(valkey), RdbLimits.DEFAULT, contents);
        assertThat(modules).hasToString("vectorset");
        assertThat(contents.keys.get("0/a").idle()).isEqualTo(77);
        assertThat(contents.keys.get("0/a").frequency()).isEqualTo(-1);
        assertThat(contents.keys.get("0/b").idle()).isEqualTo(-1);
        assertThat(contents.keys.get("0/b").frequency()).isEqualTo(200);
    }

    @Test
    void keyMetadataOfModulesStaysInThePayload() throws Exception {
        byte[] rdb = new RdbBytes("REDIS0013")
                .bytes(RdbType.OPCODE_KEY_META)
                .number(1)
                .bytes(1, 2, 3, 4)
                .bytes(2)
                .number(9)
                .bytes(0)
                .bytes(RdbType.STRING)
                .string("a")
                .string("value")
                .bytes(RdbType.STRING)
                .string("b")
                .string("value")
                .end();
        Contents contents = EveryVersionTest.read(rdb, RdbLimits.DEFAULT);
        assertThat(contents.payloads.get("0/a"))
                .startsWith(RdbType.OPCODE_KEY_META, 1, 1, 2, 3, 4, 2, 9, 0, RdbType.STRING, 5, 'v');
        assertThat(typed(contents, "0/a")).isEqualTo("string value");
        assertThat(contents.payloads.get("0/b")).startsWith(RdbType.STRING, 5, 'v');
        assertThatThrownBy(() -> EveryVersionTest.read(rdb, new RdbLimits(20, 20, false, 100)))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("metadata of a module");
    }

    @Test
    void anUnknownTypeIsNamedWithItsKeyAndPosition() {
        byte[] rdb = new RdbBytes("REDIS0013")
                .bytes(RdbType.OPCODE_SELECTDB, 4)
                .bytes(99)
                .string("some\nkey")
                .end();
        assertThatThrownBy(() -> EveryVersionTest.read(rdb, RdbLimits.DEFAULT))
                .isInstanceOf(RdbFormatException.class)
                .hasMessage(
                        "The RDB cannot be read at byte 11: the key 'some\\x0akey' in database 4 has the value type 99,"
                                + " which is not known in version 13.");
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS0011,24",
        "REDIS0012,26",
        "VALKEY080,24",
        "VALKEY080,26",
        "REDIS0013,6",
        "REDIS0013,8",
        "REDIS0013,27"
    })
    void aTypeBelongsToItsVersions(String magic, int type) {
        byte[] rdb = new RdbBytes(magic).bytes(type).string("k").string("v").end();
        assertThatThrownBy(() -> EveryVersionTest.read(rdb, RdbLimits.DEFAULT))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("value type " + type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REDIS0005",
                "REDIS0014",
                "REDIS0080",
                "VALKEY079",
                "VALKEY081",
                "REDIS00x1",
                "RADIS0011",
                "",
                "REDIS"
            })
    void aHeaderOfAnotherKindIsRefused(String header) {
        assertThatThrownBy(() -> EveryVersionTest.read(new RdbBytes(header).end(), RdbLimits.DEFAULT))
                .isInstanceOf(RdbFormatException.class);
    }

    @Test
    void theChecksumIsCheckedUnlessTheSourceHasItOff() throws Exception {
        byte[] rdb = new RdbBytes("REDIS0011").bytes(0).string("k").string("v").end();
        byte[] off = rdb.clone();
        Arrays.fill(off, off.length - 8, off.length, (byte) 0);
        assertThat(EveryVersionTest.read(rdb, RdbLimits.DEFAULT).checksummed).isTrue();
        assertThat(EveryVersionTest.read(off, RdbLimits.DEFAULT).checksummed).isFalse();
        rdb[rdb.length - 1] ^= 1;
        assertThatThrownBy(() -> EveryVersionTest.read(rdb, RdbLimits.DEFAULT))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void contentBehindTheEndIsRefused() {
        byte[] rdb = new RdbBytes("REDIS0011").bytes(0).string("k").string("v").end();
        assertThatThrownBy(() -> EveryVersionTest.read(Arrays.copyOf(rdb, rdb.length + 1), RdbLimits.DEFAULT))
                .isInstanceOf(RdbFormatException.class)
                .hasMessageContaining("goes on behind");
    }

    @Test
    void lengthsThatLieAllocateNothing() {
        for (int round = 0; round < 50; round++) {
            for (int type : new int[] {0, 1, 2, 4, 5, 10, 14, 16, 18, 21, 25}) {
                byte[] rdb = new RdbBytes("REDIS0013")
                        .bytes(type)
                        .string("k")
                        .number(type == 0 || type == 10 || type == 16 ? 500_000_000 : Long.MAX_VALUE)
                        .number(500_000_000)
                        .raw(new byte[100])
                        .open();
                assertThatThrownBy(() -> EveryVersionTest.read(rdb, RdbLimits.DEFAULT))
                        .as("type %s", type)
                        .isInstanceOf(RdbFormatException.class)
                        .hasMessageContaining("byte");
            }
        }
    }

    private static String typed(Contents contents, String key) throws RdbFormatException {
        return Texts.of(new ValueDecoder().decode(contents.payloads.get(key)).orElseThrow());
    }

    private static long moduleId(String name, int version) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        long id = 0;
        for (int i = 0; i < 9; i++) {
            id = id << 6 | alphabet.indexOf(name.charAt(i));
        }
        return id << 10 | version;
    }
}
