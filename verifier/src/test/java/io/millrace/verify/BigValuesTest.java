package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.Populator;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BigValuesTest {
    private static final int STRING_BYTES = 200 << 20;
    private static final int HASH_FIELDS = 1_000_000;

    @Test
    void aStringOf200MegabytesAndAHashOfAMillionFieldsNeedLittleMemory() throws Exception {
        try (LocalServer source = LocalServer.start(ServerVersion.REDIS_7_0);
                LocalServer target = LocalServer.start(ServerVersion.REDIS_6_2)) {
            for (LocalServer server : new LocalServer[] {source, target}) {
                try (RespClient client = server.connect()) {
                    Populator populator = new Populator(client, 5);
                    populator.bigString("string", STRING_BYTES);
                    populator.bigHash("hash", HASH_FIELDS);
                }
            }
            long before = allocated();
            VerifyReport equal = compare(source, target);
            long bytes = allocated() - before;
            assertThat(equal.lines()).first().asString().startsWith("Equal: 2 keys");
            // Everything read is garbage at once: the pieces alone are held, and no piece is larger than a megabyte.
            assertThat(bytes).isLessThan(3_000_000_000L);

            target.command("SETRANGE", "string", STRING_BYTES - 1, "\n");
            target.command("HSET", "hash", "field:765432", "other");
            VerifyReport report = compare(source, target);
            assertThat(report.differences()).hasSize(2);
            assertThat(report.differences().get(1).target())
                    .isEqualTo("string with \"\\n\" at byte " + (STRING_BYTES - 1));
            assertThat(report.differences().get(0).target()).contains("\"field:765432\" = \"other\"");
        }
    }

    private static VerifyReport compare(LocalServer source, LocalServer target) throws Exception {
        return new KeyspaceComparison(
                        Servers.endpoint(source),
                        Servers.endpoint(target),
                        VerifyOptions.defaults().withRounds(1, Duration.ZERO))
                .run();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
