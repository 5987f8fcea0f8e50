package io.millrace.source.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damage to the command streams of real servers. */
class StreamFuzzTest {

    private static final int ROUNDS = 700;

    @ParameterizedTest
    @EnumSource
    void damageIsAnErrorOrAnotherCommand(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        byte[] good = record(version);
        assertThat(commands(good)).contains("MULTI", "EXEC", "SELECT", "RPUSH").endsWith("LPUSH");
        Random random = new Random(version.ordinal());
        assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                RespReaderTest.assertEveryByteIsAccountedFor(RespReaderTest.damage(good, random), random);
            }
        });
    }

    /** The bytes as they came, which a reader of its own reads later. */
    private static byte[] record(ServerVersion version) throws Exception {
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect();
                ReplicaLink link = ReplicaLink.connect(
                        () -> new Socket(LocalServer.HOST, server.port()),
                        server.uri(),
                        LinkSettings.DEFAULT,
                        () -> 0)) {
            long start = link.sync(null, -1).offset();
            assertThat(link.snapshot().readAllBytes()).isNotEmpty();
            InputStream bytes = link.commandBytes();
            Random random = new Random(9);
            for (int i = 0; i < 20; i++) {
                byte[] value = new byte[random.nextInt(300)];
                random.nextBytes(value);
                client.call("SELECT", i % 3);
                client.call("SET", "key:" + i, value, "PX", 100_000);
                client.call("RPUSH", "list", value, "", i);
                client.call("MULTI");
                client.call("INCRBYFLOAT", "n", "1.5");
                client.call("SPOP", "nothing");
                client.call("HSET", "hash", value, value);
                client.call("EXEC");
            }
            client.call("LPUSH", "end", "x");
            String info = new String((byte[]) client.call("INFO", "replication"), StandardCharsets.US_ASCII);
            int at = info.indexOf("master_repl_offset:") + "master_repl_offset:".length();
            long end = Long.parseLong(info.substring(at, info.indexOf('\r', at)));
            return bytes.readNBytes((int) (end - start));
        }
    }

    private static List<String> commands(byte[] stream) throws Exception {
        RespReader reader = new RespReader(new ByteArrayInputStream(stream), 0, RespLimits.DEFAULT);
        List<String> names = new ArrayList<>();
        byte[][] argv;
        while ((argv = reader.next()) != null) {
            names.add(new String(argv[0], StandardCharsets.US_ASCII));
        }
        assertThat(reader.lastOffset()).isEqualTo(stream.length);
        names.removeIf(name -> name.equalsIgnoreCase("PING"));
        return names;
    }
}
