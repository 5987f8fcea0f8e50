package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.change.Part;
import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.HashValue;
import io.millrace.change.Value.ListValue;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.SetValue;
import io.millrace.change.Value.StreamEntry;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamValue;
import io.millrace.change.Value.StringValue;
import io.millrace.change.Value.ZsetValue;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.link.LinkSettings;
import io.millrace.source.link.ReplicaLink;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Values far above the limit of a record pass in parts below it, read straight from the link. */
class LargeValuesTest {

    private static final int LIMIT = 512 * 1024;
    private static final int PIECE = 10 * 1024 * 1024;

    @Test
    @Timeout(300)
    void everyPartIsBelowTheLimitAndNothingIsMissing() throws Exception {
        try (LocalServer server = LocalServer.start(ServerVersion.standard());
                RespClient client = server.connect()) {
            CRC32 content = new CRC32();
            Random random = new Random(3);
            byte[] piece = new byte[PIECE];
            for (int i = 0; i < 20; i++) {
                random.nextBytes(piece);
                content.update(piece);
                client.call("APPEND", "string", piece);
            }
            client.call("SETRANGE", "string:sparse", 67_108_863, "x");
            script(client, "for i = 1, 1000000 do redis.call('HSET', 'hash', 'field:' .. i, 'value:' .. i) end");
            script(client, "for i = 1, 200000 do redis.call('ZADD', 'zset', i / 3, 'member:' .. i) end");
            script(client, "for i = 1, 200000 do redis.call('RPUSH', 'list', 'element:' .. i) end");
            script(client, "for i = 1, 200000 do redis.call('SADD', 'set', 'member:' .. i) end");
            script(client, "for i = 1, 60000 do redis.call('XADD', 'stream', i .. '-1', 'name', 'value:' .. i) end");
            client.call("XGROUP", "CREATE", "stream", "group", 0);
            client.call("XREADGROUP", "GROUP", "group", "alice", "COUNT", 6_000, "STREAMS", "stream", ">");
            client.call("XREADGROUP", "GROUP", "group", "bob", "COUNT", 4_000, "STREAMS", "stream", ">");
            client.call("RPUSH", "list:of-large", "before", new byte[LIMIT * 3], "after");

            Measured measured = new Measured();
            try (ReplicaLink link = ReplicaLink.connect(
                    () -> new Socket(LocalServer.HOST, server.port()), server.uri(), LinkSettings.DEFAULT, () -> 0)) {
                link.sync(null, -1);
                try (InputStream snapshot = link.snapshot()) {
                    RdbReader.read(snapshot, new RdbLimits(LIMIT, LIMIT, true, Integer.MAX_VALUE), measured);
                }
                assertThat(link.commands().lastOffset()).isNotNegative();
            }
            assertThat(measured.elements)
                    .containsEntry("string", 20L * PIECE)
                    .containsEntry("string:sparse", 67_108_864L)
                    .containsEntry("hash", 1_000_000L)
                    .containsEntry("zset", 200_000L)
                    .containsEntry("list", 200_000L)
                    .containsEntry("set", 200_000L)
                    .containsEntry("stream", 60_000L)
                    .containsEntry("stream:pending", 10_000L)
                    .containsEntry("stream:consumers", 2L)
                    .containsEntry("list:of-large", 3L);
            assertThat(measured.string.getValue()).isEqualTo(content.getValue());
            // An element above the limit cannot be divided by elements: it is a part of its own.
            assertThat(measured.largest.remove("list:of-large")).isBetween(LIMIT * 3L, LIMIT * 3L + 100);
            assertThat(measured.largest)
                    .allSatisfy((key, size) -> assertThat(size).isLessThanOrEqualTo(LIMIT));
            assertThat(measured.largestOf("string")).isEqualTo(LIMIT);
        }
    }

    private static void script(RespClient client, String lua) throws Exception {
        client.call("EVAL", lua, 0);
    }

    private static final class Measured implements RdbVisitor {

        final Map<String, Long> elements = new HashMap<>();
        final Map<String, Long> largest = new HashMap<>();
        final CRC32 string = new CRC32();

        long largestOf(String key) {
            return largest.get(key);
        }

        @Override
        public void entry(RdbKey key, byte[] payload) {
            throw new AssertionError("every value here is large");
        }

        @Override
        public void function(byte[] code) {
            throw new AssertionError("there are no functions");
        }

        @Override
        public void part(RdbKey key, Value value, Part part) {
            String name = new String(key.key(), StandardCharsets.UTF_8);
            long size = 0;
            long count = 0;
            if (value instanceof StringValue range) {
                size = range.bytes().length;
                count = size;
                if (name.equals("string")) {
                    string.update(range.bytes());
                }
            } else if (value instanceof HashValue hash) {
                count = hash.fields().size();
                for (HashField field : hash.fields()) {
                    size += field.field().length + field.value().length;
                }
            } else if (value instanceof ListValue list) {
                count = list.elements().size();
                for (byte[] element : list.elements()) {
                    size += element.length;
                }
            } else if (value instanceof SetValue set) {
                count = set.members().size();
                for (byte[] member : set.members()) {
                    size += member.length;
                }
            } else if (value instanceof ZsetValue zset) {
                count = zset.members().size();
                for (ScoredMember member : zset.members()) {
                    size += member.member().length + 8L;
                }
            } else if (value instanceof StreamValue stream) {
                count = stream.entries().size();
                for (StreamEntry entry : stream.entries()) {
                    for (byte[] field : entry.fields()) {
                        size += field.length;
                    }
                }
                size += measureState(stream, part);
            }
            elements.merge(name, count, Long::sum);
            largest.merge(name, size, Math::max);
        }

        private long measureState(StreamValue stream, Part part) {
            assertThat(stream.state() != null).isEqualTo(part.last());
            if (stream.state() == null) {
                return 0;
            }
            long size = 0;
            for (StreamGroup group : stream.state().groups()) {
                elements.merge("stream:pending", (long) group.pending().size(), Long::sum);
                elements.merge("stream:consumers", (long) group.consumers().size(), Long::sum);
                size += group.pending().size() * 40L;
            }
            return size;
        }
    }
}
