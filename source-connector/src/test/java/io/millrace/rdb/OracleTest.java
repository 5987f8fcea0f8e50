package io.millrace.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.moilioncircle.redis.replicator.CloseListener;
import com.moilioncircle.redis.replicator.RedisReplicator;
import com.moilioncircle.redis.replicator.cmd.CommandName;
import com.moilioncircle.redis.replicator.cmd.impl.DefaultCommand;
import com.moilioncircle.redis.replicator.cmd.parser.DefaultCommandParser;
import com.moilioncircle.redis.replicator.event.PostRdbSyncEvent;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueHash;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueList;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueSet;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueStream;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueString;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueTTLHash;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyStringValueZSet;
import com.moilioncircle.redis.replicator.rdb.datatype.KeyValuePair;
import com.moilioncircle.redis.replicator.rdb.datatype.Stream;
import io.millrace.change.StreamId;
import io.millrace.change.Value;
import io.millrace.change.Value.HashField;
import io.millrace.change.Value.PendingEntry;
import io.millrace.change.Value.ScoredMember;
import io.millrace.change.Value.StreamConsumer;
import io.millrace.change.Value.StreamEntry;
import io.millrace.change.Value.StreamGroup;
import io.millrace.change.Value.StreamState;
import io.millrace.redis.local.LocalServer;
import io.millrace.redis.local.RespClient;
import io.millrace.redis.local.ServerVersion;
import io.millrace.source.link.LinkSettings;
import io.millrace.source.link.ReplicaLink;
import io.millrace.source.link.RespReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * redis-replicator as a second replica of the same server: the same keys, values, expiries and commands. It knows nothing
 * of our reading; ours decodes with our own decoders here, not with its.
 */
class OracleTest {

    private static final List<String> COMMANDS =
            List.of("SET", "MSET", "HSET", "ZADD", "XADD", "PEXPIREAT", "DEL", "LPUSH");

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void bothReadTheSame(ServerVersion version) throws Exception {
        assumeTrue(version.available().isPresent(), version::unavailableMessage);
        assumeTrue(
                version != ServerVersion.REDIS_8_6,
                "skipped: redis-replicator 3.11.0 does not read RDB 13, which " + version + " writes");
        try (LocalServer server = LocalServer.of(version)
                        .config("repl-diskless-sync-delay 0")
                        .config("repl-ping-replica-period 1")
                        .start();
                RespClient client = server.connect()) {
            Keyspace.fill(server);
            removeWhatTheOracleCannotRead(client, version);
            Oracle oracle = new Oracle(server);
            oracle.snapshot.await(30, TimeUnit.SECONDS);
            try (ReplicaLink link = ReplicaLink.connect(
                    () -> new Socket(LocalServer.HOST, server.port()), server.uri(), LinkSettings.DEFAULT, () -> 0)) {
                link.sync(null, -1);
                Contents contents = new Contents();
                try (InputStream in = link.snapshot()) {
                    RdbReader.read(in, RdbLimits.DEFAULT, contents);
                }
                assertThat(differences(ours(contents), oracle.values)).isEmpty();
                RespReader commands = link.commands();
                write(client);
                List<String> read = new ArrayList<>();
                String text;
                do {
                    text = text(commands.next());
                    if (COMMANDS.contains(name(text))) {
                        read.add(text);
                    }
                } while (!text.startsWith("LPUSH end"));
                oracle.commands.await(30, TimeUnit.SECONDS);
                assertThat(read).isEqualTo(oracle.texts).hasSize(7);
            } finally {
                oracle.close();
            }
        }
    }

    private static void removeWhatTheOracleCannotRead(RespClient client, ServerVersion version) throws IOException {
        client.call("DEL", "vectors"); // a module's type
        client.call("ZREM", "zset:small", "minf", "m-inf"); // it fails on infinite scores in compact form
        client.call("XDEL", "stream:shapes", "2-0"); // it keeps fields in a map
        if (version == ServerVersion.VALKEY_9_1) {
            client.call(
                    "DEL", "hash:expiring-small", "hash:expiring-large"); // without REPLCONF version the server aborts
        }
    }

    private static void write(RespClient client) throws IOException {
        client.call("SET", "new", Keyspace.allBytes());
        client.call("MSET", "a", "", "b", "2");
        client.call("HSET", "h", "f", "v");
        client.call("ZADD", "z", "1.5", "m");
        client.call("XADD", "x", "9-9", "f", "v");
        client.call("DEL", "a");
        client.call("LPUSH", "end", "x");
    }

    private static Map<String, String> ours(Contents contents) throws Exception {
        Map<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : contents.payloads.entrySet()) {
            byte[] payload = entry.getValue();
            texts.put(
                    entry.getKey(),
                    contents.keys.get(entry.getKey()).expireAt() + " "
                            + Texts.of(DumpValue.of(payload).decode()));
        }
        return texts;
    }

    /** Short, as the values are not fit to be read. */
    private static List<String> differences(Map<String, String> ours, Map<String, String> theirs) {
        List<String> found = new ArrayList<>();
        Set<String> keys = new TreeSet<>(ours.keySet());
        keys.addAll(theirs.keySet());
        for (String key : keys) {
            String a = String.valueOf(ours.get(key));
            String b = String.valueOf(theirs.get(key));
            if (!a.equals(b)) {
                int at = 0;
                while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
                    at++;
                }
                found.add(key + ": ours " + excerpt(a, at) + ", theirs " + excerpt(b, at));
            }
        }
        return found;
    }

    private static String excerpt(String text, int at) {
        return text.substring(Math.max(0, at - 30), Math.min(text.length(), at + 60));
    }

    private static String name(String command) {
        int space = command.indexOf(' ');
        return (space < 0 ? command : command.substring(0, space)).toUpperCase(Locale.ROOT);
    }

    private static String text(byte[][] argv) {
        List<String> words = new ArrayList<>();
        for (byte[] word : argv) {
            words.add(Texts.of(word));
        }
        return String.join(" ", words);
    }

    /** Reads on a thread of its own until it is closed. */
    private static final class Oracle {

        final Map<String, String> values = Collections.synchronizedMap(new TreeMap<>());
        final List<String> texts = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch snapshot = new CountDownLatch(1);
        final CountDownLatch commands = new CountDownLatch(1);
        private final RedisReplicator replicator;
        private final CompletableFuture<Void> running;

        Oracle(LocalServer server) throws Exception {
            replicator = new RedisReplicator(server.uri());
            for (String command : COMMANDS) {
                replicator.addCommandParser(CommandName.name(command), new DefaultCommandParser());
            }
            replicator.addEventListener((source, event) -> {
                if (event instanceof KeyValuePair<?, ?> pair && pair.getKey() instanceof byte[] key) {
                    long expireAt = pair.getExpiredMs() == null ? -1 : pair.getExpiredMs();
                    values.put(
                            Contents.name((int) pair.getDb().getDbNumber(), key),
                            expireAt + " " + Texts.of(value(pair)));
                } else if (event instanceof PostRdbSyncEvent) {
                    snapshot.countDown();
                } else if (event instanceof DefaultCommand command) {
                    byte[][] argv = new byte[command.getArgs().length + 1][];
                    argv[0] = command.getCommand();
                    System.arraycopy(command.getArgs(), 0, argv, 1, argv.length - 1);
                    texts.add(text(argv));
                    if (texts.get(texts.size() - 1).startsWith("LPUSH end")) {
                        commands.countDown();
                    }
                }
            });
            CloseListener ended = source -> snapshot.countDown();
            replicator.addCloseListener(ended);
            running = CompletableFuture.runAsync(() -> {
                try {
                    replicator.open();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        void close() throws Exception {
            replicator.close();
            running.get(30, TimeUnit.SECONDS);
        }

        private static Value value(KeyValuePair<?, ?> pair) {
            if (pair instanceof KeyStringValueString string) {
                return new Value.StringValue(string.getValue());
            } else if (pair instanceof KeyStringValueList list) {
                return new Value.ListValue(list.getValue());
            } else if (pair instanceof KeyStringValueSet set) {
                return new Value.SetValue(new ArrayList<>(set.getValue()));
            } else if (pair instanceof KeyStringValueZSet zset) {
                return new Value.ZsetValue(zset.getValue().stream()
                        .map(entry -> new ScoredMember(entry.getElement(), entry.getScore()))
                        .toList());
            } else if (pair instanceof KeyStringValueHash hash) {
                return new Value.HashValue(hash.getValue().entrySet().stream()
                        .map(entry -> new HashField(entry.getKey(), entry.getValue(), -1))
                        .toList());
            } else if (pair instanceof KeyStringValueTTLHash hash) {
                return new Value.HashValue(hash.getValue().entrySet().stream()
                        .map(entry -> new HashField(
                                entry.getKey(),
                                entry.getValue().getValue(),
                                entry.getValue().getExpires() == null
                                        ? -1
                                        : entry.getValue().getExpires()))
                        .toList());
            }
            return stream(((KeyStringValueStream) pair).getValue());
        }

        private static Value stream(Stream stream) {
            List<StreamEntry> entries = new ArrayList<>();
            for (Stream.Entry entry : stream.getEntries().values()) {
                if (!entry.isDeleted()) {
                    List<byte[]> fields = new ArrayList<>();
                    entry.getFields().forEach((field, value) -> {
                        fields.add(field);
                        fields.add(value);
                    });
                    entries.add(new StreamEntry(id(entry.getId()), fields));
                }
            }
            entries.sort(Comparator.comparing(StreamEntry::id)); // its order takes the numbers for signed
            List<StreamGroup> groups =
                    stream.getGroups().stream().map(Oracle::group).toList();
            boolean old = stream.getFirstId() == null;
            StreamId first = entries.isEmpty() ? StreamId.ZERO : entries.get(0).id();
            return new Value.StreamValue(
                    entries,
                    new StreamState(
                            id(stream.getLastId()),
                            old ? first : id(stream.getFirstId()),
                            old ? StreamId.ZERO : id(stream.getMaxDeletedEntryId()),
                            old ? stream.getLength() : stream.getEntriesAdded(),
                            groups));
        }

        private static StreamGroup group(Stream.Group group) {
            List<PendingEntry> pending = new ArrayList<>();
            List<StreamConsumer> consumers = new ArrayList<>();
            for (Stream.Consumer consumer : group.getConsumers()) {
                consumers.add(new StreamConsumer(consumer.getName(), consumer.getSeenTime(), consumer.getActiveTime()));
                consumer.getPendingEntries()
                        .values()
                        .forEach(nack -> pending.add(new PendingEntry(
                                id(nack.getId()),
                                consumer.getName(),
                                nack.getDeliveryTime(),
                                nack.getDeliveryCount())));
            }
            long read = group.getEntriesRead() == null ? Value.UNKNOWN : group.getEntriesRead();
            return new StreamGroup(group.getName(), id(group.getLastId()), read, pending, consumers);
        }

        private static StreamId id(Stream.ID id) {
            return new StreamId(id.getMs(), id.getSeq());
        }
    }
}
