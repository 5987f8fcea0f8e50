package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.redis.local.RespClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strings that go to a standalone destination together: the same keys as one by one, and the same words about each. */
class MergedStringsTest extends StandaloneDestination {

    private List<Change> strings(int count, Object[]... amid) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i % 30 == 7 && i / 30 < amid.length) {
                changes.add(feed.command(amid[i / 30]));
            }
            changes.add(feed.command("SET", "k" + i % (count - 3), "v" + i));
        }
        return changes;
    }

    @BeforeEach
    void countAnew() throws IOException {
        client.call("CONFIG", "RESETSTAT");
    }

    private long calls(String command) {
        String stats = new String((byte[]) server.command("INFO", "commandstats"), StandardCharsets.US_ASCII);
        return stats.lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void theLastOfSeveralWritesToAKeyStays() throws IOException {
        start();
        sink.send(strings(1203, words("RPUSH", "list", "a"), words("SET", "list", "now a string")), 50);
        sink.awaitApplied();
        assertThat(get("k0")).isEqualTo("v1200");
        assertThat(get("k2")).isEqualTo("v1202");
        assertThat(get("k1199")).isEqualTo("v1199");
        assertThat(get("list")).isEqualTo("now a string");
        assertThat(calls("set")).isLessThan(200);
        assertThat(calls("mset")).isPositive();
    }

    @Test
    void snapshotStringsComeWithTheirExpiries() throws IOException {
        client.call("SET", "old", "x".repeat(90));
        byte[] payload = (byte[]) client.call("DUMP", "old");
        client.call("RPUSH", "in the way", "x");
        client.call("PEXPIRE", "in the way", 1_000_000);
        int version = payload[payload.length - 10] & 0xff;
        long at = System.currentTimeMillis() + 5_000_000_000L;
        start();
        Feed now = new Feed(1, System.currentTimeMillis());
        sink.send(
                List.of(
                        now.dump("a", payload, version, Expiry.NONE),
                        now.dump("b", payload, version, at),
                        now.dump("in the way", payload, version, Expiry.NONE)),
                3);
        sink.awaitApplied();
        assertThat(get("a")).isEqualTo("x".repeat(90));
        assertThat(get("b")).isEqualTo("x".repeat(90));
        assertThat(get("in the way")).isEqualTo("x".repeat(90));
        assertThat(client.call("PEXPIRETIME", "b")).isEqualTo(at);
        assertThat(client.call("PTTL", "in the way")).isEqualTo(-1L);
        assertThat(calls("restore")).isZero();
    }

    @Test
    void aUserWithoutMsetWritesThemOneByOne() throws IOException {
        user("+@all", "-mset", "~*");
        start("redis.user", "few", "redis.password", "secret");
        sink.send(strings(203), 10);
        sink.send(strings(203), 10);
        sink.awaitApplied();
        assertThat(get("k0")).isEqualTo("v200");
        assertThat(calls("mset")).isZero();
    }

    @Test
    void theOneThatIsRefusedIsNamed() throws IOException {
        user("+@all", "~k*", "~__millrace*", "~{__millrace*");
        start("redis.user", "few", "redis.password", "secret");
        sink.send(strings(103, words("SET", "forbidden", "v")), 200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThatThrownBy(() -> sink.commit())
                        .isInstanceOf(ConnectException.class)
                        .hasMessageContaining("forbidden")
                        .hasMessageNotContaining("k6"));
        assertThat(get("forbidden")).isNull();
    }

    private static Object[] words(Object... words) {
        return words;
    }

    private void user(String... rules) throws IOException {
        try (RespClient admin = server.connect()) {
            List<Object> command = new ArrayList<>(List.of("ACL", "SETUSER", "few", "on", ">secret"));
            command.addAll(Arrays.asList(rules));
            assertThat(admin.call(command.toArray())).isEqualTo("OK");
        }
    }
}
