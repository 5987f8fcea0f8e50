package io.millrace.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there before the pipeline starts: every type, encoding and boundary, as the newest server here has them. */
@ExtendWith(WithSharedRuntime.class)
class EveryTypeIT {

    private static final int HUGE_STRING = 200 << 20;
    private static final int HUGE_HASH = 1_000_000;

    @ParameterizedTest
    @CsvSource({"single,dump", "single,typed", "single,both", "batch,dump", "batch,typed"})
    void everyTypeArrives(String grouping, String format, SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(Servers.newest());
                LocalServer destination = Servers.start(Servers.newest())) {
            try (RespClient client = source.connect()) {
                new Populator(client, 1).everyType();
                everyByte(client);
            }
            try (Pipeline pipeline = Pipeline.between(source, destination)
                    .grouping(grouping)
                    .withSource("entry.format", format)
                    .start(runtime.rest())) {
                assertThat(pipeline.assertEqualKeyspaces().keysCompared()).isGreaterThan(500);
            }
        }
    }

    @Test
    void valuesFarLargerThanARecordArrive(SharedRuntime runtime) throws IOException {
        try (LocalServer source = Servers.start(Servers.newest());
                LocalServer destination = Servers.start(Servers.newest())) {
            try (RespClient client = source.connect()) {
                Populator populator = new Populator(client, 2);
                populator.bigString("huge:string", HUGE_STRING);
                populator.bigHash("huge:hash", HUGE_HASH);
                client.call("PEXPIREAT", "huge:hash", Populator.EXPIRY_BASE);
            }
            try (Pipeline pipeline =
                    Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
                pipeline.assertEqualKeyspaces();
                assertThat(destination.command("STRLEN", "huge:string")).isEqualTo((long) HUGE_STRING);
                assertThat(destination.command("HLEN", "huge:hash")).isEqualTo((long) HUGE_HASH);
            }
        }
    }

    /** When a key was used last, or how often: the destination evicts what the source would have evicted. */
    @ParameterizedTest
    @CsvSource({"allkeys-lru,IDLETIME,5000", "allkeys-lfu,FREQ,200"})
    void useIsCarriedAlong(String policy, String figure, long value, SharedRuntime runtime) throws IOException {
        try (LocalServer source = LocalServer.of(Servers.newest())
                        .config("maxmemory-policy " + policy)
                        .config("lfu-decay-time 0")
                        .start();
                LocalServer destination = LocalServer.of(Servers.newest())
                        .config("maxmemory-policy " + policy)
                        .config("lfu-decay-time 0")
                        .start()) {
            try (RespClient client = source.connect()) {
                client.call("SET", "made", "value");
                client.call("RESTORE", "used", 0, client.call("DUMP", "made"), figure, value);
            }
            try (Pipeline pipeline =
                    Pipeline.between(source, destination).grouping("batch").start(runtime.rest())) {
                pipeline.awaitCaughtUp();
                pipeline.awaitCaughtUp();
                assertThat((Long) destination.command("OBJECT", figure, "used")).isBetween(value, value + 600);
            }
        }
    }

    /** Keys, fields, members and values of each single byte, and of none. */
    private static void everyByte(RespClient client) throws IOException {
        client.call("SELECT", "0");
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
            byte[] one = {(byte) i};
            client.call("SET", key("string:", one), one);
            client.call("HSET", "bytes:hash", one, one);
            client.call("SADD", "bytes:set", one);
            client.call("ZADD", "bytes:zset", i, one);
            client.call("RPUSH", "bytes:list", one);
            client.call("XADD", "bytes:stream", "1-" + (i + 1), one, one);
        }
        client.call("SET", all, all);
        client.call("SET", "", "the empty key");
        client.call("SET", "bytes:empty", "");
        client.call("RPUSH", "bytes:list", "", all);
        client.call("HSET", "bytes:hash", "", "", all, all);
        client.call("SADD", "bytes:set", "", all);
        client.call("ZADD", "bytes:zset", "0", "", "1e300", all);
    }

    private static byte[] key(String prefix, byte[] suffix) {
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] key = java.util.Arrays.copyOf(start, start.length + suffix.length);
        System.arraycopy(suffix, 0, key, start.length, suffix.length);
        return key;
    }
}
