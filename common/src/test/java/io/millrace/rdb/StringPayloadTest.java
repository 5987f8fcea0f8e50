package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a real server dumps of a string is read as the string that it returns. */
class StringPayloadTest {

    private static final long[] NUMBERS = {0, -1, 127, -128, 128, 32767, -32768, 32768, Integer.MIN_VALUE, 1L << 31};

    @Test
    void readsWhatAServerDumps() throws Exception {
        Random random = new Random(11);
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            for (long number : NUMBERS) {
                client.call("SET", "k", number);
                assertThat(StringPayload.read((byte[]) client.call("DUMP", "k")))
                        .asString()
                        .isEqualTo(Long.toString(number));
            }
            for (int length : new int[] {0, 1, 20, 21, 63, 64, 100, 1024, 16383, 16384, 70_000}) {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                client.call("SET", "k", noise);
                assertThat(StringPayload.read((byte[]) client.call("DUMP", "k")))
                        .as("%d bytes", length)
                        .isEqualTo(noise);
                byte[] even = new byte[length];
                for (int i = 0; i < length; i++) {
                    even[i] = (byte) ("value:" + i % 9).charAt(i % 7);
                }
                client.call("SET", "k", even);
                byte[] read = StringPayload.read((byte[]) client.call("DUMP", "k"));
                if (length > 1024) {
                    assertThat(read).as("%d bytes, compressed", length).isNull();
                } else {
                    assertThat(read).as("%d bytes, compressed", length).isEqualTo(even);
                }
            }
            client.call("RPUSH", "list", "a");
            assertThat(StringPayload.read((byte[]) client.call("DUMP", "list"))).isNull();
        }
    }

    @Property
    void anyBytesAreAStringOrNone(@ForAll @Size(max = 80) byte[] bytes) {
        byte[] payload = Arrays.copyOf(bytes, bytes.length);
        if (payload.length > 1) {
            payload[0] = 0;
            payload[1] |= bytes[1] < 0 ? (byte) 0xC0 : 0;
        }
        byte[] read = StringPayload.read(payload);
        assertThat(read == null || read.length <= 1024).isTrue();
    }
}
