package io.millrace.benchmarks.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BurstTest {
    @Test
    void everyCommandOfABurstIsAnswered() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            Burst.write(server, 1001);
            assertThat(client.call("DBSIZE")).isEqualTo(1001L);
            assertThat((byte[]) client.call("GET", "burst:000001000")).hasSize(100);
        }
    }

    @Test
    void theMixedDataIsAsManyKeysAsItSays() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            assertThat(Data.mixed(client, 100)).isEqualTo(150);
            assertThat(client.call("DBSIZE")).isEqualTo(150L);
            assertThat(client.call("ZCARD", "zset:19")).isEqualTo(500L);
            assertThat(client.call("XLEN", "stream:9")).isEqualTo(100L);
        }
    }
}
