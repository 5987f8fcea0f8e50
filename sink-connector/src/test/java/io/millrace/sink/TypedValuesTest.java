package io.millrace.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.change.Change;
import io.millrace.change.Expiry;
import io.millrace.change.Part;
import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values built with commands, on every server that is there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypedValuesTest {

    private static final long LATER = 4_102_444_800_123L;

    private final Feed feed = new Feed(1);

    static List<ServerVersion> servers() {
        return ServerVersion.present();
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String text(Object reply) {
        if (reply instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        if (reply instanceof List<?> list) {
            return list.stream().map(TypedValuesTest::text).toList().toString();
        }
        return String.valueOf(reply);
    }

    /** Fields and values of a flat reply in turn, as far as the test looks at them. */
    private static String field(Object reply, String name) {
        List<?> flat = (List<?>) reply;
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            if (text(flat.get(i)).equals(name)) {
                return text(flat.get(i + 1));
            }
        }
        return null;
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyType(ServerVersion version) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        List<Value.ScoredMember> members = new ArrayList<>();
        List<Value.HashField> fields = new ArrayList<>();
        double[] scores = {
            0.0, -0.0, 1, -1.5, 1e300, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.1, 1e17
        };
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = random(i % 70, i);
            elements.add(bytes);
            byte[] unique = (i + ":").getBytes(StandardCharsets.US_ASCII);
            members.add(new Value.ScoredMember(unique, i < scores.length ? scores[i] : i * 0.3));
            fields.add(new Value.HashField(unique, bytes, Expiry.NONE));
        }
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect();
                SinkDriver sink = new SinkDriver(SinkDriver.to(server), false)) {
            client.call("SADD", "list", "of another type");
            byte[] all = random(100_000, 1);
            sink.send(
                    feed.typed("empty", new Value.StringValue(new byte[0]), Expiry.NONE),
                    feed.typed("string", new Value.StringValue(all), LATER),
                    feed.typed("list", new Value.ListValue(elements), LATER),
                    feed.typed("list", new Value.ListValue(elements), LATER),
                    feed.typed("set", new Value.SetValue(elements), Expiry.NONE),
                    feed.typed("hash", new Value.HashValue(fields), LATER),
                    feed.typed("zset", new Value.ZsetValue(members), Expiry.NONE),
                    feed.typed("due", new Value.StringValue(all), 1000));
            sink.awaitApplied();
            assertThat((byte[]) client.call("GET", "empty")).isEmpty();
            assertThat((byte[]) client.call("GET", "string")).isEqualTo(all);
            assertThat(text(client.call("LRANGE", "list", 0, -1))).isEqualTo(text(elements));
            assertThat((Long) client.call("PTTL", "list")).isPositive();
            assertThat((Long) client.call("PTTL", "zset")).isEqualTo(-1L);
            TreeSet<String> expectedSet = new TreeSet<>();
            elements.forEach(element -> expectedSet.add(text(element)));
            TreeSet<String> actualSet = new TreeSet<>();
            ((List<?>) client.call("SMEMBERS", "set")).forEach(member -> actualSet.add(text(member)));
            assertThat(actualSet).isEqualTo(expectedSet);
            assertThat(client.call("HLEN", "hash")).isEqualTo(3000L);
            assertThat(client.call("ZCARD", "zset")).isEqualTo(3000L);
            for (int i = 0; i < 3000; i += 7) {
                assertThat(text(client.call("HGET", "hash", i + ":"))).isEqualTo(text(elements.get(i)));
            }
            for (int i = 0; i < scores.length; i++) {
                String score = text(client.call("ZSCORE", "zset", i + ":"));
                assertThat(Double.parseDouble(score.replace("inf", "Infinity"))).isEqualTo(scores[i]);
            }
            // The log may hold what has renewed it.
            assertThat((Long) client.call("PTTL", "due")).isGreaterThan(1L << 45);
        }
    }

    private static Value.StreamValue stream(int from, int to, Value.StreamState state) {
        List<Value.StreamEntry> entries = new ArrayList<>();
        for (int i = from; i < to; i++) {
            entries.add(new Value.StreamEntry(
                    new StreamId(1000 + i, i), List.of(Feed.bytes("f"), Feed.bytes(i), Feed.bytes("f"), random(5, i))));
        }
        return new Value.StreamValue(entries, state);
    }

    /** A group that has read 30 entries; one of two pending ones is deleted from the stream. */
    private static Value.StreamState state(boolean deleted) {
        List<Value.PendingEntry> pending = new ArrayList<>();
        pending.add(new Value.PendingEntry(new StreamId(1005, 5), Feed.bytes("c1"), 1_700_000_000_000L, 3));
        if (deleted) {
            pending.add(new Value.PendingEntry(new StreamId(1000, 7), Feed.bytes("c1"), 1_700_000_000_000L, 1));
        }
        return new Value.StreamState(
                new StreamId(9999, 1),
                new StreamId(1000, 0),
                new StreamId(1000, 7),
                500,
                List.of(
                        new Value.StreamGroup(
                                Feed.bytes("g1"),
                                new StreamId(1029, 29),
                                30,
                                pending,
                                List.of(
                                        new Value.StreamConsumer(Feed.bytes("c1"), 1_700_000_000_000L, -1),
                                        new Value.StreamConsumer(Feed.bytes("idle"), 1_700_000_000_000L, -1))),
                        new Value.StreamGroup(Feed.bytes("g2"), StreamId.ZERO, Value.UNKNOWN, List.of(), List.of())));
    }

    private static void assertStream(RespClient client, String key, ServerVersion version, int length, int pending)
            throws IOException {
        Object info = client.call("XINFO", "STREAM", key);
        assertThat(field(info, "length")).isEqualTo(Integer.toString(length));
        assertThat(field(info, "last-generated-id")).isEqualTo("9999-1");
        assertThat(field(info, "groups")).isEqualTo("2");
        List<?> groups = (List<?>) client.call("XINFO", "GROUPS", key);
        assertThat(field(groups.get(0), "last-delivered-id")).isEqualTo("1029-29");
        assertThat(field(groups.get(0), "pending")).isEqualTo(Integer.toString(pending));
        if (version.hasFunctions()) {
            assertThat(field(info, "entries-added")).isEqualTo("500");
            assertThat(field(info, "max-deleted-entry-id")).isEqualTo("1000-7");
            assertThat(field(groups.get(0), "entries-read")).isEqualTo("30");
        }
        if (version != ServerVersion.REDIS_6_0) {
            assertThat(field(groups.get(0), "consumers")).isEqualTo("2");
        }
        List<?> all = (List<?>) client.call("XPENDING", key, "g1", "-", "+", 10);
        assertThat(all).hasSize(pending);
        List<?> last = (List<?>) all.get(pending - 1);
        assertThat(text(last.get(0))).isEqualTo("1005-5");
        assertThat(text(last.get(1))).isEqualTo("c1");
        assertThat(last.get(3)).isEqualTo(3L);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void streams(ServerVersion version) throws IOException {
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect();
                SinkDriver sink = new SinkDriver(SinkDriver.to(server), false)) {
            List<Change> changes = new ArrayList<>();
            changes.add(feed.typed("whole", stream(0, 100, state(true)), LATER));
            for (int i = 0; i < 4; i++) {
                changes.add(feed.part(
                        "parts",
                        stream(i * 25, i * 25 + 25, i == 3 ? state(false) : null),
                        LATER,
                        new Part(i, i == 3)));
            }
            changes.add(feed.typed(
                    "none",
                    stream(
                            0,
                            0,
                            new Value.StreamState(new StreamId(7, 7), StreamId.ZERO, new StreamId(7, 7), 3, List.of())),
                    Expiry.NONE));
            sink.send(changes, 1);
            sink.awaitApplied();
            assertStream(client, "whole", version, 100, 2);
            assertStream(client, "parts", version, 100, 1);
            assertThat(text(client.call("XRANGE", "whole", "-", "+")))
                    .isEqualTo(text(client.call("XRANGE", "parts", "-", "+")));
            assertThat(field(client.call("XINFO", "STREAM", "none"), "last-generated-id"))
                    .isEqualTo("7-7");
            assertThat(client.call("XLEN", "none")).isEqualTo(0L);
            assertThat(StandaloneDestination.size(client)).isEqualTo(3L);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void fieldsThatExpire(ServerVersion version) throws IOException {
        Value.HashValue hash = new Value.HashValue(List.of(
                new Value.HashField(Feed.bytes("stays"), Feed.bytes("1"), Expiry.NONE),
                new Value.HashField(Feed.bytes("later"), Feed.bytes("2"), LATER),
                new Value.HashField(Feed.bytes("due"), Feed.bytes("3"), 1000)));
        try (LocalServer server = LocalServer.start(version);
                RespClient client = server.connect();
                SinkDriver sink = new SinkDriver(SinkDriver.to(server), false)) {
            sink.send(feed.typed("h", hash, Expiry.NONE));
            if (version.hasHashFieldExpiry()) {
                sink.awaitApplied();
                assertThat(text(client.call("HPEXPIRETIME", "h", "FIELDS", 3, "stays", "later", "due")))
                        .isEqualTo("[-1, " + LATER + ", -2]");
            } else {
                assertThatThrownBy(sink::awaitApplied)
                        .hasMessageContaining("The expiries of its fields cannot exist at the destination");
            }
        }
    }

    @Test
    void largeValuesOfEveryTypeInParts() throws IOException {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect();
                SinkDriver sink = new SinkDriver(SinkDriver.to(server), false)) {
            int parts = 20;
            int perPart = 10_000;
            List<Change> changes = new ArrayList<>();
            for (String type : List.of("list", "set", "hash", "zset")) {
                for (int p = 0; p < parts; p++) {
                    changes.add(feed.part(type, part(type, p * perPart, perPart), LATER, new Part(p, p == parts - 1)));
                }
            }
            sink.send(changes, 1);
            sink.awaitApplied();
            long all = (long) parts * perPart;
            assertThat(client.call("LLEN", "list")).isEqualTo(all);
            assertThat(client.call("SCARD", "set")).isEqualTo(all);
            assertThat(client.call("HLEN", "hash")).isEqualTo(all);
            assertThat(client.call("ZCARD", "zset")).isEqualTo(all);
            assertThat(text(client.call("LINDEX", "list", -1))).isEqualTo(Long.toString(all - 1));
            assertThat(text(client.call("LINDEX", "list", 12_345))).isEqualTo("12345");
            assertThat(StandaloneDestination.size(client)).isEqualTo(4L);
        }
    }

    private static Value part(String type, int from, int count) {
        List<byte[]> elements = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            elements.add(Feed.bytes(i));
        }
        return switch (type) {
            case "list" -> new Value.ListValue(elements);
            case "set" -> new Value.SetValue(elements);
            case "hash" ->
                new Value.HashValue(elements.stream()
                        .map(element -> new Value.HashField(element, element, Expiry.NONE))
                        .toList());
            default ->
                new Value.ZsetValue(elements.stream()
                        .map(element -> new Value.ScoredMember(element, element.length))
                        .toList());
        };
    }
}
